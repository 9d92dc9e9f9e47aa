import net from 'node:net'
import type { BoundAddress } from '../plan/bound-address.ts'
import type { PlannedAddress } from '../plan/launch-plan.ts'
import { checkDescriptor, withoutPath } from './descriptor-fault.ts'
import { pathOfDescriptor } from './inherited-socket.ts'
import { openFirst } from './listen.ts'
import { lookUpHost } from './look-up-host.ts'
import { makeSocketFile } from './make-socket-file.ts'
import { util } from './node-util.ts'

/**
 * A bound address on which this process accepts nothing: others get copies of the handles, and accept from the queues of the
 * same sockets. What waits in a queue waits on while none of them accepts, since the sockets are held here.
 */
export interface HeldAddress {
  readonly address: BoundAddress
  /** To be sent along with messages to other processes. One for all of them, or several of one port with a queue each. */
  readonly handles: readonly object[]
  /** Lets go of the sockets; those who have got them serve on. The file of a UNIX domain socket is removed. */
  close(): void
}

/** Whether this runtime can hold an address without accepting. */
export function canHoldAddresses(): boolean {
  return typeof createHandle === 'function'
}

/**
 * Binds an address, with as many sockets as asked for: the system spreads the connections of one port over several (SO_REUSEPORT,
 * socket(7)). A UNIX domain socket has but one. Throws the `LaunchError` that says why it can't be bound.
 */
export async function holdAddress(
  asked: PlannedAddress,
  { sockets }: { sockets: number },
): Promise<HeldAddress> {
  return openFirst(asked, async (candidate) => {
    switch (candidate.kind) {
      case 'tcp':
        return holdPort(candidate, { sockets })
      case 'unix':
        return holdPath(candidate)
      case 'fd':
        return holdDescriptor(candidate.fd)
      case 'pipe':
        throw new TypeError('only Windows has named pipes, and nothing is held there')
    }
  })
}

async function holdPath({ path, access }: Extract<PlannedAddress, { kind: 'unix' }>): Promise<HeldAddress> {
  const address = { kind: 'unix', path } as const
  if (!access) {
    const handle = bind(path, { port: -1, family: -1 })
    return { address, handles: [handle], close: () => handle.close() }
  }
  let handle: Handle | undefined
  const removeFile = await makeSocketFile(
    { path, access },
    {
      make(hidden) {
        handle = bind(hidden, { port: -1, family: -1 })
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
  const handle = open(fd)
  const place = placeIfAny(handle)
  const address =
    place === null
      ? ({ kind: 'unix', path: pathOfDescriptor(fd) ?? withoutPath(fd) } as const)
      : ({ kind: 'tcp', ...place } as const)
  return { address, handles: [handle], close: () => handle.close() }
}

async function holdPort(
  { host, port }: { host: string; port: number },
  { sockets }: { sockets: number },
): Promise<HeldAddress> {
  const { address: ip, family } = await lookUpHost(host)
  const only = bind(ip, { port, family })
  const address = { kind: 'tcp', ...placeOf(only) } as const
  if (sockets === 1) return { address, handles: [only], close: () => only.close() }
  // Sockets with SO_REUSEPORT bind happily beside those of another program of this user that has it too. This one did not.
  only.close()
  const handles: Handle[] = []
  const close = (): void => {
    for (const handle of handles) handle.close()
  }
  try {
    for (let count = 0; count < sockets; count += 1)
      handles.push(bind(ip, { port: address.port, family, flags: reusePort }))
  } catch (error) {
    close()
    throw error
  }
  return { address, handles, close }
}

/** UV_TCP_REUSEPORT. */
const reusePort = 2

function bind(
  address: string,
  { port, family, flags = 0 }: { port: number; family: number; flags?: number },
): Handle {
  const handle = createHandle?.(address, port, family, undefined, flags)
  if (handle === undefined) throw new TypeError('this runtime can not hold an address: ask before')
  if (typeof handle === 'number') throw bindError(handle)
  // libuv keeps EADDRINUSE of a TCP socket to itself until somebody asks for something (uv_tcp_bind).
  if (family >= 0) {
    try {
      placeOf(handle)
    } catch (error) {
      handle.close()
      throw error
    }
  }
  return handle
}

function open(fd: number): Handle {
  const handle = createHandle?.(undefined, undefined, undefined, fd, 0)
  if (handle === undefined) throw new TypeError('this runtime can not hold an address: ask before')
  if (typeof handle === 'number') throw bindError(handle)
  return handle
}

/** `null` for the handle of a path, which has no such place. */
function placeIfAny(handle: Handle): { host: string; port: number } | null {
  return handle.getsockname ? placeOf(handle) : null
}

function placeOf(handle: Handle): { host: string; port: number } {
  const place: { address?: string; port?: number } = {}
  const error = handle.getsockname?.(place) ?? 0
  if (error !== 0) throw bindError(error)
  return { host: place.address ?? '', port: place.port ?? 0 }
}

/** As Node's own errors of listen(). */
function bindError(number: number): Error {
  const code = util.getSystemErrorName(number)
  return Object.assign(new Error(`bind ${code}`), { code })
}

interface Handle {
  /** That of a path has none. */
  getsockname?(place: { address?: string; port?: number }): number
  close(): void
}

type CreateHandle = (
  address: string | undefined,
  port: number | undefined,
  family: number | undefined,
  fd: number | undefined,
  flags: number,
) => Handle | number

/**
 * What node:cluster makes its shared handles with. Its public form, net.BoundSocket, is missing in Node 22, and what it has bound
 * can't be sent to a process that runs already.
 */
const { _createServerHandle: createHandle } = net as unknown as { _createServerHandle?: CreateHandle }
