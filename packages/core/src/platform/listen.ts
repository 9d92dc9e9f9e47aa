import { once } from 'node:events'
import { existsSync, lstatSync, unlinkSync } from 'node:fs'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { LaunchError } from '../errors/launch-error.ts'
import type { BoundAddress } from '../plan/bound-address.ts'
import type { PlannedAddress } from '../plan/launch-plan.ts'
import { bindFault } from './bind-fault.ts'

/** A listening socket and the address that it really has. */
export interface Listener {
  readonly address: BoundAddress
  readonly server: Server
}

export interface ListenOptions {
  readonly backlog: number
  readonly onConnection: (socket: Socket) => void
  /** Leaves the bytes of a connection unread, so that it can be handed to another process. */
  readonly pauseOnConnect: boolean
  /** A connection could not be accepted, for want of descriptors or memory. Whether it is told or not, the listener goes on. */
  readonly onAcceptError?: (error: Error) => void
}

/** Listens on all addresses, or on none: when one fails, those before it are closed again. */
export async function listenOnAll(
  addresses: readonly PlannedAddress[],
  options: ListenOptions,
): Promise<Listener[]> {
  const listeners: Listener[] = []
  try {
    for (const address of addresses) listeners.push(await listen(address, options))
    return listeners
  } catch (error) {
    closeListeners(listeners)
    throw error
  }
}

/** Stops accepting. Open connections are not touched. */
export function closeListeners(listeners: readonly Listener[]): void {
  for (const { server } of listeners) server.close()
}

/** How many ports from a default one on are tried before the system is asked for any. */
const attempts = 20

async function listen(asked: PlannedAddress, options: ListenOptions): Promise<Listener> {
  if (asked.kind === 'unix') await removeStaleSocket(asked.path)
  const candidates = asked.kind === 'tcp' && asked.mayMove ? neighbours(asked) : [asked]
  for (const [index, candidate] of candidates.entries()) {
    try {
      const listener = await listenOnce(candidate, options)
      return index === 0 || asked.kind === 'unix' ? listener : moved(listener, asked.port)
    } catch (error) {
      const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
      if (!taken || index === candidates.length - 1) throw new LaunchError(bindFault(candidate, error))
    }
  }
  throw new RangeError('there is at least one address to try')
}

function neighbours(asked: TcpAddress): TcpAddress[] {
  const ports = Array.from({ length: attempts }, (_, offset) => asked.port + offset)
  return [...ports, 0].map((port) => ({ ...asked, port }))
}

type TcpAddress = Extract<PlannedAddress, { kind: 'tcp' }>

function moved({ address, server }: Listener, from: number): Listener {
  return { server, address: address.kind === 'tcp' ? { ...address, movedFrom: from } : address }
}

async function listenOnce(
  address: PlannedAddress,
  { backlog, onConnection, pauseOnConnect, onAcceptError = () => undefined }: ListenOptions,
): Promise<Listener> {
  const server = createServer({ pauseOnConnect, allowHalfOpen: true }, onConnection)
  const listening = once(server, 'listening')
  if (address.kind === 'unix') server.listen({ path: address.path, backlog })
  else server.listen({ host: address.host, port: address.port, backlog })
  await listening
  server.on('error', onAcceptError)
  return { server, address: boundAddress(server, address) }
}

function boundAddress(server: Server, asked: PlannedAddress): BoundAddress {
  const real = server.address()
  if (real === null || typeof real === 'string')
    return { kind: 'unix', path: asked.kind === 'unix' ? asked.path : String(real) }
  return { kind: 'tcp', host: real.address, port: real.port }
}

/** A socket that nobody listens on any more is left over from a process that was killed. One that answers is in use. */
async function removeStaleSocket(path: string): Promise<void> {
  if (!existsSync(path) || !lstatSync(path).isSocket()) return
  const probe = connect(path)
  try {
    await once(probe, 'connect')
  } catch {
    unlinkSync(path)
  } finally {
    probe.destroy()
  }
}

/** Tries whether the addresses could be bound now, and lets go of them at once. Gives the fault of each that could not. */
export async function tryAddresses(addresses: readonly PlannedAddress[]): Promise<readonly LaunchError[]> {
  const refused: LaunchError[] = []
  for (const address of addresses) {
    try {
      const { server } = await listen(address, {
        backlog: 1,
        pauseOnConnect: true,
        onConnection: (socket) => socket.destroy(),
      })
      server.close()
      await once(server, 'close')
    } catch (error) {
      if (!(error instanceof LaunchError)) throw error
      refused.push(error)
    }
  }
  return refused
}
