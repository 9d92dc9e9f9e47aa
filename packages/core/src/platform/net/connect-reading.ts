import { Socket, type SocketConstructorOpts } from 'node:net'

/** Where a program listens: a port, or the path of a UNIX socket or of a named pipe. */
export type ConnectTarget = { readonly host: string; readonly port: number } | { readonly path: string }

const bufferBytes = 65_536

/**
 * Connects to a program, and passes what is read to `onBytes` as soon as it is there. `onBytes` returns whether to read on; `socket.resume()`
 * continues later. When a write fails, what the program has sent before is still read: it may have answered, and closed the connection on the rest of a
 * body.
 *
 * All sockets read into the same buffer: `onBytes` must copy what it keeps. This saves an allocation of 64 kB for each read. Windows fills a
 * buffer after the read was asked for, so that there each socket has its own.
 */
export function connectReading(
  target: ConnectTarget,
  { onBytes }: { onBytes: (bytes: Buffer, size: number) => boolean },
): Socket {
  const buffer = process.platform === 'win32' ? Buffer.allocUnsafeSlow(bufferBytes) : sharedBuffer()
  const socket: ReadingSocket = new ReadingSocket({
    onread: {
      buffer,
      callback(size) {
        const isReading = onBytes(buffer, size)
        socket.isReading = isReading
        return isReading
      },
    },
  })
  return 'path' in target
    ? socket.connect({ path: target.path })
    : socket.setNoDelay(true).connect({ host: target.host, port: target.port })
}

let shared: Buffer | undefined

function sharedBuffer(): Buffer {
  shared ??= Buffer.allocUnsafeSlow(bufferBytes)
  return shared
}

/** Reading ends by itself on a connection that takes no more bytes. If a system says nothing there, this is how long it may be silent. */
const silentMs = 2_000

type Written = (error?: Error | null) => void

/** Node destroys a socket as soon as a write fails, and what it has not read yet is lost. Here the write only never ends, until there is nothing more to read. */
class ReadingSocket extends Socket {
  isReading = true
  #late: NodeJS.Timeout | undefined

  constructor(options: SocketConstructorOpts) {
    super(options)
    this.on('close', () => clearInterval(this.#late))
  }

  override _write(chunk: unknown, encoding: BufferEncoding, written: Written): void {
    super._write(chunk, encoding, (error) => this.#end(error, written))
  }

  override _writev(chunks: { chunk: unknown; encoding: BufferEncoding }[], written: Written): void {
    super._writev?.(chunks, (error) => this.#end(error, written))
  }

  #end(error: Error | null | undefined, written: Written): void {
    if (!error || this.connecting || this.destroyed) {
      written(error)
      return
    }
    let read = this.bytesRead
    this.#late = setInterval(() => {
      if (this.isReading && this.bytesRead === read) written(error)
      read = this.bytesRead
    }, silentMs)
  }
}
