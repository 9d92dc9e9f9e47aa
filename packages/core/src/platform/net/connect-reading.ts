import { connect, type Socket } from 'node:net'

/** Where a program listens: a port, or the path of a UNIX socket or of a named pipe. */
export type ConnectTarget = { readonly host: string; readonly port: number } | { readonly path: string }

const bufferBytes = 65_536

/**
 * Connects to a program, and passes what is read to `onBytes` as soon as it is there. `onBytes` returns whether to read on; `socket.resume()`
 * continues later.
 *
 * All sockets read into the same buffer: `onBytes` must copy what it keeps. This saves an allocation of 64 kB for each read. Windows fills a
 * buffer after the read was asked for, so that there each socket has its own.
 */
export function connectReading(
  target: ConnectTarget,
  { onBytes }: { onBytes: (bytes: Buffer, size: number) => boolean },
): Socket {
  const buffer = process.platform === 'win32' ? Buffer.allocUnsafeSlow(bufferBytes) : sharedBuffer()
  const onread = { buffer, callback: (size: number) => onBytes(buffer, size) }
  return 'path' in target
    ? connect({ path: target.path, onread })
    : connect({ host: target.host, port: target.port, noDelay: true, onread })
}

let shared: Buffer | undefined

function sharedBuffer(): Buffer {
  shared ??= Buffer.allocUnsafeSlow(bufferBytes)
  return shared
}
