import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import { checkDescriptor, withoutPath } from '../files/descriptor-fault.ts'
import { makeSocketFile } from '../files/make-socket-file.ts'
import { spareReplacement } from '../files/spare-replacement.ts'
import { ownServer } from '../node/own-servers.ts'
import type { BoundAddress } from './address/bound-address.ts'
import type { PlannedAddress } from './address/planned-address.ts'
import { pathOfDescriptor } from './inherited-socket.ts'
import { closeListeners, type Listener } from './listener.ts'
import { openFirst } from './open-first.ts'

type ListenPlace =
  | { host: string; port: number; ipv6Only?: boolean; reusePort?: boolean }
  | { path: string }
  | { fd: number }

export interface ListenOptions {
  readonly backlog: number
  readonly onConnection: (socket: Socket) => void
  /** Leaves the bytes of a connection unread, so that it can be handed to another process. */
  readonly pauseOnConnect: boolean
  /**
   * Lets several listeners of this user have the same TCP port (SO_REUSEPORT), such as one in each thread. Linux spreads connections over them.
   * A port that another such listener has is then not taken. Rejects where the system can't do it, such as on Windows and macOS.
   */
  readonly reusePort?: boolean
  /** A connection could not be accepted, for lack of descriptors or memory. Whether this is called or not, the listener keeps accepting. */
  readonly onAcceptError?: (error: Error) => void
}

/** Listens on all addresses, or on none: when one fails, those before it are closed again. */
export async function listenOnAll(
  addresses: readonly PlannedAddress[],
  options: ListenOptions,
): Promise<Listener[]> {
  const listeners: Listener[] = []
  try {
    for (const address of addresses)
      listeners.push(await openFirst(address, (candidate) => listenOnce(candidate, options)))
    return listeners
  } catch (error) {
    closeListeners(listeners)
    throw error
  }
}

/** Listens on one address, without another try. Rejects with the error of the system. */
export async function listenOnce(
  address: PlannedAddress,
  {
    backlog,
    onConnection,
    pauseOnConnect,
    reusePort = false,
    onAcceptError = () => undefined,
  }: ListenOptions,
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
  server.listen({ ...place(address, { reusePort }), backlog })
  await listening
  server.on('error', onAcceptError)
  try {
    return {
      server,
      address: boundAddress(server, address),
      ...(address.kind === 'tcp' && { isOurs: true }),
      ...(address.kind === 'unix' && { closeWith: spareReplacement(address.path) }),
    }
  } catch (error) {
    server.close()
    throw error
  }
}

function place(address: PlannedAddress, { reusePort }: { reusePort: boolean }): ListenPlace {
  switch (address.kind) {
    case 'tcp':
      return { host: address.host, port: address.port, ipv6Only: address.ipv6Only ?? false, reusePort }
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
