import net from 'node:net'
import { util } from '../node-util.ts'

/** A bound socket as Node wraps it. */
export interface BoundHandle {
  /** Its descriptor; below 0 where there is none. */
  readonly fd: number
  /** The handle of a path has none. */
  getsockname?(place: { address?: string; port?: number }): number
  open(fd: number): number
  listen(backlog: number): number
  readStart(): number
  readStop(): number
  close(): void
}

/** Whether this runtime can bind a socket without accepting on it. */
export function canBindHandles(): boolean {
  return typeof createHandle === 'function'
}

/**
 * Binds a port, or a path for which `port` and `family` are -1. The port is not taken before the socket listens: on POSIX two sockets can be
 * bound to one port until then (SO_REUSEADDR, which libuv always sets). Throws the error of bind(2).
 */
export function bindHandle(
  address: string,
  {
    port,
    family,
    reusePort = false,
    ipv6Only = false,
  }: { port: number; family: number; reusePort?: boolean; ipv6Only?: boolean },
): BoundHandle {
  const flags = (reusePort ? flagOfReusePort : 0) | (ipv6Only ? flagOfIPv6Only : 0)
  const handle = create({ address, port, family, flags })
  // libuv keeps EADDRINUSE of a TCP socket to itself until it is asked for something (uv_tcp_bind).
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

/** The handle of a socket that this process was started with. */
export function openHandle(fd: number): BoundHandle {
  return create({ fd, flags: 0 })
}

/**
 * Calls listen(2), and leaves what comes in the queue of the socket, for other processes to accept. Throws the error of listen(2).
 *
 * This is a trick. A handle that listens is polled, so this process would accept. libuv can take a handle out of its poll only by
 * `uv_read_stop()`, which wants one that is being read, and `uv_read_start()` wants one that is marked as readable. `uv_tcp_open()` and
 * `uv_pipe_open()` set that mark, and take the descriptor that a handle has already. No turn of the event loop lies between these calls,
 * so nothing is accepted. When Node changes, look at `uv__stream_open()` and `uv_read_stop()` in libuv's `src/unix/stream.c`.
 */
export function listenWithoutAccepting(handle: BoundHandle, backlog: number): void {
  for (const step of [
    () => handle.open(handle.fd),
    () => handle.listen(backlog),
    () => handle.readStart(),
    () => handle.readStop(),
  ]) {
    const error = step()
    if (error !== 0) throw systemError('listen', error)
  }
}

/** Where a port is bound. */
export function placeOf(handle: BoundHandle): { host: string; port: number } {
  const place: { address?: string; port?: number } = {}
  const error = handle.getsockname?.(place) ?? 0
  if (error !== 0) throw systemError('bind', error)
  return { host: place.address ?? '', port: place.port ?? 0 }
}

function create({
  address,
  port,
  family,
  fd,
  flags,
}: {
  address?: string
  port?: number
  family?: number
  fd?: number
  flags: number
}): BoundHandle {
  const handle = createHandle?.(address, port, family, fd, flags)
  if (handle === undefined) throw new TypeError('this runtime cannot bind without accepting: ask before')
  if (typeof handle === 'number') throw systemError('bind', handle, address)
  return handle
}

/** As Node's own errors of listen(). */
function systemError(call: string, number: number, address?: string): Error {
  const [code, text] = util.getSystemErrorMap().get(number) ?? [util.getSystemErrorName(number), '']
  const error = new Error([`${call} ${code}: ${text}`, ...(address === undefined ? [] : [address])].join(' '))
  return Object.assign(error, { code, ...(address !== undefined && { address }) })
}

/** UV_TCP_IPV6ONLY. */
const flagOfIPv6Only = 1
/** UV_TCP_REUSEPORT. */
const flagOfReusePort = 2

type CreateHandle = (
  address: string | undefined,
  port: number | undefined,
  family: number | undefined,
  fd: number | undefined,
  flags: number,
) => BoundHandle | number

/**
 * What node:cluster makes its shared handles with. The public `net.BoundSocket` (Node 24.19 and 26.4) binds too, but nothing public lets a socket
 * listen while this process does not accept from it, which is what `listenWithoutAccepting()` is for. It is also missing in Node 22, and can be
 * sent to a process that runs only from Node 26.10 on (nodejs/node#64725). Without `_createServerHandle`, `canBindHandles()` is false and
 * the primary accepts (`round-robin`).
 */
const { _createServerHandle: createHandle } = net as unknown as { _createServerHandle?: CreateHandle }
