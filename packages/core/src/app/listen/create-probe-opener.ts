import type { Server as NetServer } from 'node:net'
import { codeOf } from '../../errors/thrown.ts'
import { listenOptions } from './asked-listen.ts'
import type { OpenAppPort } from './intercept-listen.ts'
import { openPrivately } from './open-privately.ts'

/** How long a port is tried that another worker may be trying too. */
const patienceMs = 1_000
const againMs = 20

/**
 * Opens the servers of TCP by which an app looks whether a port is free, as get-port does. `isHeld`: says whether the launcher has this port already,
 * as the primary has it when a new worker boots. `hasSiblings`: other workers boot at the same time and try the same port. As under node:cluster,
 * neither is in the way: each worker finds the port free that its app is served at.
 */
export function createProbeOpener({
  isHeld,
  hasSiblings,
}: {
  isHeld: (port: number) => boolean
  hasSiblings: boolean
}): OpenAppPort {
  return (server, call, listen) => {
    const { asked, callback, signal } = call
    if (asked.address.kind !== 'tcp' || asked.address.port === 0 || asked.flags.includes('reusePort'))
      return false
    if (isHeld(asked.address.port)) {
      showAddress(server, asked.address)
      return openPrivately(server, call, listen)
    }
    if (!hasSiblings) return false
    const open = (): void =>
      void Reflect.apply(listen, server, [{ ...listenOptions(asked), ...(signal && { signal }) }])
    tryAgain(server, open)
    if (callback) server.once('listening', callback)
    open()
    return true
  }
}

/** The port that was asked for, although another one is bound. */
function showAddress(server: NetServer, { host, port }: { host: string | null; port: number }): void {
  const address = host ?? '::'
  const restore = own(server, 'address', () =>
    server.listening ? { address, family: address.includes(':') ? 'IPv6' : 'IPv4', port } : null,
  )
  server.once('close', restore)
}

/**
 * Listens again while the port is in use, and reports that only after a while. A trick: an own `emit` of the server holds the event back, which Node
 * has no public way to do for one that the app's listeners wait for. It is gone once the server listens or has failed.
 */
function tryAgain(server: NetServer, open: () => void): void {
  const end = performance.now() + patienceMs
  let timer: NodeJS.Timeout | undefined
  const { emit } = server
  const restore = own(server, 'emit', (event: string, ...given: unknown[]) => {
    if (event === 'error' && codeOf(given[0]) === 'EADDRINUSE' && performance.now() < end) {
      // Not all at the same moment.
      timer = setTimeout(open, againMs * (1 + Math.random()))
      return true
    }
    if (['listening', 'error', 'close'].includes(event)) {
      clearTimeout(timer)
      restore()
    }
    return Reflect.apply(emit, server, [event, ...given])
  })
}

/** Sets an own property of a server, until the returned function is called. */
function own(server: NetServer, name: 'address' | 'emit', value: unknown): () => void {
  Object.defineProperty(server, name, { value, configurable: true, enumerable: false, writable: true })
  return () => void Reflect.deleteProperty(server, name)
}
