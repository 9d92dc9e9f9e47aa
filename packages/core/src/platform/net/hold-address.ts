import { isIP } from 'node:net'
import { checkDescriptor, withoutPath } from '../files/descriptor-fault.ts'
import { makeSocketFile } from '../files/make-socket-file.ts'
import { spareReplacement } from '../files/spare-replacement.ts'
import {
  type BoundHandle,
  bindHandle,
  canBindHandles,
  listenWithoutAccepting,
  openHandle,
  placeOf,
} from '../node/internals/bind-handle.ts'
import type { BoundAddress } from './address/bound-address.ts'
import type { PlannedAddress } from './address/planned-address.ts'
import { pathOfDescriptor } from './inherited-socket.ts'
import { openFirst } from './open-first.ts'
import { sharesPort } from './port-owner.ts'

/**
 * A bound address that listens, on which this process accepts nothing: others get copies of the handles, and accept from the queues of the
 * same sockets. What waits in a queue waits on while none of them accepts, since the sockets are held here.
 */
export interface HeldAddress {
  readonly address: BoundAddress
  /** To be sent along with messages to other processes. One for all of them, or several of one port with a queue each. */
  readonly handles: readonly object[]
  /** Closes the sockets; processes that have got them go on. The file of a UNIX domain socket is removed. */
  close(): void
}

interface HoldOptions {
  /** How many sockets a port gets. A UNIX domain socket has but one. */
  readonly sockets: number
  /** `null`: it is only tried whether the address is free. It does not listen, so that no client gets in. */
  readonly backlog: number | null
}

/** Whether this runtime can hold an address without accepting. */
export const canHoldAddresses = canBindHandles

/**
 * Binds an address, with as many sockets as asked for: the system spreads the connections of one port over several (SO_REUSEPORT,
 * socket(7)). Throws the `LaunchError` that says why it can't be bound.
 */
export async function holdAddress(asked: PlannedAddress, options: HoldOptions): Promise<HeldAddress> {
  return openFirst(asked, async (candidate) => {
    switch (candidate.kind) {
      case 'tcp':
        return holdPort(candidate, options)
      case 'unix':
        return holdPath(candidate, options)
      case 'fd':
        return holdDescriptor(candidate.fd)
      case 'pipe':
        throw new TypeError('only Windows has named pipes, and nothing is held there')
    }
  })
}

async function holdPath(
  { path, access }: Extract<PlannedAddress, { kind: 'unix' }>,
  { backlog }: HoldOptions,
): Promise<HeldAddress> {
  const address = { kind: 'unix', path } as const
  if (!access) {
    const handle = bind(path, { ...ofPath, backlog })
    const closeWith = spareReplacement(path)
    return { address, handles: [handle], close: () => closeWith(() => handle.close()) }
  }
  let handle: BoundHandle | undefined
  const removeFile = await makeSocketFile(
    { path, access },
    {
      make(hidden) {
        handle = bind(hidden, { ...ofPath, backlog })
      },
      giveUp: () => handle?.close(),
    },
  )
  const close = (): void => {
    handle?.close()
    removeFile()
  }
  return { address, handles: handle ? [handle] : [], close }
}

/** A socket that was handed to this process; it has its queue already. */
async function holdDescriptor(fd: number): Promise<HeldAddress> {
  checkDescriptor(fd)
  const handle = openHandle(fd)
  const place = handle.getsockname ? placeOf(handle) : null
  const address =
    place === null
      ? ({ kind: 'unix', path: pathOfDescriptor(fd) ?? withoutPath(fd) } as const)
      : ({ kind: 'tcp', ...place } as const)
  return { address, handles: [handle], close: () => handle.close() }
}

/**
 * From the first socket to the last there is no turn of the event loop. Once a socket listens, the system refuses the port to every
 * program, except for sockets with SO_REUSEPORT of this user: those are searched for afterwards.
 */
function holdPort(
  { host, port, ipv6Only = false }: { host: string; port: number; ipv6Only?: boolean },
  { sockets, backlog }: HoldOptions,
): HeldAddress {
  const family = isIP(host)
  if (sockets === 1 || backlog === null) {
    const only = bind(host, { port, family, ipv6Only, backlog })
    return { address: { kind: 'tcp', ...placeOf(only) }, handles: [only], close: () => only.close() }
  }
  // Sockets with SO_REUSEPORT bind beside those of another program of this user that has it too. This one does not.
  if (port !== 0) bindHandle(host, { port, family, ipv6Only }).close()
  const first = bind(host, { port, family, ipv6Only, reusePort: true, backlog })
  const handles = [first]
  const close = (): void => {
    for (const handle of handles) handle.close()
  }
  try {
    const address = { kind: 'tcp', ...placeOf(first) } as const
    while (handles.length < sockets)
      handles.push(bind(host, { port: address.port, family, ipv6Only, reusePort: true, backlog }))
    if (sharesPort(address.port, { own: handles.map(({ fd }) => fd) }))
      throw Object.assign(new Error('listen EADDRINUSE'), { code: 'EADDRINUSE' })
    return { address, handles, close }
  } catch (error) {
    close()
    throw error
  }
}

/** `backlog`: `null` for a socket that does not listen. */
function bind(
  address: string,
  {
    backlog,
    ...place
  }: { port: number; family: number; reusePort?: boolean; ipv6Only?: boolean; backlog: number | null },
): BoundHandle {
  const handle = bindHandle(address, place)
  try {
    if (backlog !== null) listenWithoutAccepting(handle, backlog)
    return handle
  } catch (error) {
    handle.close()
    throw error
  }
}

/** A path has no port. */
const ofPath = { port: -1, family: -1 }
