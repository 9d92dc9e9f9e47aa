import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import { LaunchError } from '../errors/launch-error.ts'
import { codeOf } from '../errors/thrown.ts'
import type { BoundAddress } from '../plan/bound-address.ts'
import type { PlannedAddress } from '../plan/launch-plan.ts'
import { bindFault } from './bind-fault.ts'
import { checkDescriptor, withoutPath } from './descriptor-fault.ts'
import { pathOfDescriptor } from './inherited-socket.ts'
import { makeSocketFile } from './make-socket-file.ts'
import { ownServer } from './own-servers.ts'
import { removeStaleSocket } from './remove-stale-socket.ts'

type ListenPlace = { host: string; port: number } | { path: string } | { fd: number }

/** A listening socket and the address that it really has. */
export interface Listener {
  readonly address: BoundAddress
  readonly server: Server
  /** A port that this launch has bound, so that closing it is the end of it: not a socket of a service manager, nor a file. */
  readonly isOurs?: true
  /** Removes the file of its socket, where closing the server does not. */
  removeFile?(): void
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
  for (const listener of listeners) {
    listener.server.close()
    listener.removeFile?.()
  }
}

/** How many ports from a default one on are tried before the system is asked for any. */
const attempts = 20

function listen(asked: PlannedAddress, options: ListenOptions): Promise<Listener> {
  return openFirst(asked, (candidate) => listenOnce(candidate, options))
}

/** Opens the address, or if that may move and is taken, the first of its neighbours that is free. Throws a `LaunchError`. */
export async function openFirst<Opened extends { readonly address: BoundAddress }>(
  asked: PlannedAddress,
  open: (candidate: PlannedAddress) => Promise<Opened>,
): Promise<Opened> {
  if (asked.kind === 'unix') await removeStaleSocket(asked.path)
  const candidates = asked.kind === 'tcp' && asked.mayMove ? neighbours(asked) : [asked]
  for (const [index, candidate] of candidates.entries()) {
    try {
      const opened = await open(candidate)
      return index === 0 || asked.kind !== 'tcp' ? opened : moved(opened, asked.port)
    } catch (error) {
      if (error instanceof LaunchError) throw error
      const taken = codeOf(error) === 'EADDRINUSE'
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

function moved<Opened extends { readonly address: BoundAddress }>(opened: Opened, from: number): Opened {
  const { address } = opened
  return { ...opened, address: address.kind === 'tcp' ? { ...address, movedFrom: from } : address }
}

async function listenOnce(
  address: PlannedAddress,
  { backlog, onConnection, pauseOnConnect, onAcceptError = () => undefined }: ListenOptions,
): Promise<Listener> {
  const server = ownServer(createServer({ pauseOnConnect, allowHalfOpen: true, noDelay: true }, onConnection))
  if (address.kind === 'unix' && address.access) {
    const { path, access } = address
    const removeFile = await makeSocketFile(
      { path, access },
      {
        async make(hidden) {
          const listening = once(server, 'listening')
          server.listen({ path: hidden, backlog })
          await listening
        },
        giveUp: () => server.close(),
      },
    )
    server.on('error', onAcceptError)
    return { server, removeFile, address: { kind: 'unix', path } }
  }
  if (address.kind === 'fd') checkDescriptor(address.fd)
  const listening = once(server, 'listening')
  server.listen({ ...place(address), backlog })
  await listening
  server.on('error', onAcceptError)
  try {
    return { server, address: boundAddress(server, address), ...(address.kind === 'tcp' && { isOurs: true }) }
  } catch (error) {
    server.close()
    throw error
  }
}

function place(address: PlannedAddress): ListenPlace {
  switch (address.kind) {
    case 'tcp':
      return { host: address.host, port: address.port }
    case 'unix':
    case 'pipe':
      return { path: address.path }
    case 'fd':
      return { fd: address.fd }
  }
}

function boundAddress(server: Server, asked: PlannedAddress): BoundAddress {
  const real = server.address()
  if (real !== null && typeof real === 'object') return { kind: 'tcp', host: real.address, port: real.port }
  switch (asked.kind) {
    case 'unix':
    case 'pipe':
      return { kind: asked.kind, path: asked.path }
    case 'fd':
      return { kind: 'unix', path: pathOfDescriptor(asked.fd) ?? withoutPath(asked.fd) }
    case 'tcp':
      throw new TypeError('a TCP server has an address while it listens')
  }
}

/** Tries whether the addresses could be bound now, and lets go of them at once. Gives the fault of each that could not. */
export async function tryAddresses(addresses: readonly PlannedAddress[]): Promise<readonly LaunchError[]> {
  const refused: LaunchError[] = []
  for (const address of addresses) {
    try {
      // Closing it would take it from the process for good.
      if (address.kind === 'fd') {
        checkDescriptor(address.fd)
        continue
      }
      const listener = await listen(address, {
        backlog: 1,
        pauseOnConnect: true,
        onConnection: (socket) => socket.destroy(),
      })
      closeListeners([listener])
      await once(listener.server, 'close')
    } catch (error) {
      if (!(error instanceof LaunchError)) throw error
      refused.push(error)
    }
  }
  return refused
}
