import type { ChildProcess, SendHandle } from 'node:child_process'
import { Socket } from 'node:net'

/**
 * Node's own channel to a worker, which alone can carry sockets. A worker may write any bytes to it, and Node's reader in the primary
 * is not made for that: malformed JSON, a NODE_HANDLE_ACK without a handle on its way, or a NODE_HANDLE of an unknown type throw where
 * only `uncaughtException` can catch them, and a line without an end fills the memory. So the primary reads these bytes itself.
 *
 * This is a trick. It uses five private parts of `lib/internal/child_process.js`, the same in Node 22, 24 and 26: the symbol
 * `kChannelHandle`, the `onread`, `bytesRead` and `pendingHandle` of the handle behind it, and `_handleQueue`, where Node keeps what follows a socket
 * until the worker has acknowledged that one. Nothing reads acknowledgements here, so the queue is emptied by hand. Our own protocol
 * acknowledges each socket. `takeOverChannel()` refuses a Node where these parts are missing; look at that file when it does.
 */
export interface HandleChannel {
  /** Sends a message with a socket. What is not taken ends in `onUnsent`. */
  send(message: object, handle: object, onUnsent: () => void): void
  /** Reads nothing for a while; the worker's writes then wait. */
  pause(): void
  resume(): void
}

/** What Node's own reader has. Without a buffer it is the end of the stream; with one, only the bytes just read are valid, from its beginning. */
type OnRead = (this: PrivateHandle, bytes: ArrayBuffer | undefined) => void

interface PrivateHandle {
  onread: OnRead
  pendingHandle: { close(): void } | null
  /** Of all reads so far, the current one included. */
  readonly bytesRead: number
  readStart(): void
  readStop(): void
}

type PrivateChild = ChildProcess & { _handleQueue: unknown[] | null }

/** Messages with this property are meant for the launcher; Node shows messages with `NODE_…` to no listener of the app. */
const name = 'NODE_LOCKSTEP'

/** Returns `null` for a Node that has not got the parts that this needs. */
export function takeOverChannel(
  child: ChildProcess,
  {
    onBytes,
    onHandle,
  }: {
    /** What the worker wrote. The buffer is only valid during the call. */
    onBytes: (bytes: Buffer) => void
    /** The worker sent a handle, which was closed. */
    onHandle: () => void
  },
): HandleChannel | null {
  const channel = handleOf(child)
  if (!channel) return null
  const readAsNode = channel.onread
  let isOver = false
  let read = channel.bytesRead
  channel.onread = function (bytes) {
    const { pendingHandle, bytesRead } = this
    const length = bytesRead - read
    read = bytesRead
    this.pendingHandle = null
    if (pendingHandle) {
      pendingHandle.close()
      onHandle()
    }
    // On Windows, Node 26 passes a buffer that is larger than what was read.
    if (bytes) onBytes(Buffer.from(bytes, 0, length))
    else {
      isOver = true
      readAsNode.call(this, undefined)
    }
  }
  return {
    send(message, handle, onUnsent) {
      if (!child.connected) return
      child.send({ cmd: name, message }, handle as SendHandle, { keepOpen: true }, (error) => {
        if (error) onUnsent()
      })
      ;(child as PrivateChild)._handleQueue = null
    },
    pause: () => void (isOver || channel.readStop()),
    resume: () => void (isOver || channel.readStart()),
  }
}

/** In a worker: calls back for each message that came with a socket; `null` when the system could not give this process the socket. */
export function receiveHandles(onMessage: (message: unknown, handle: object | null) => void): void {
  const events = process as NodeJS.EventEmitter
  // Node shows the envelope too: without its handle that is all that comes.
  events.on('internalMessage', (envelope: Envelope, handle?: object) => {
    if (envelope.cmd === name) onMessage(envelope.message, handle ?? null)
    else if (envelope.cmd === 'NODE_HANDLE' && envelope.msg?.cmd === name && !handle)
      onMessage(envelope.msg.message, null)
  })
}

/** The bare handle of a connection, to be sent; `null` when the client has gone. node:cluster sends the same. */
export function handleOfSocket(socket: Socket): object | null {
  return (socket as unknown as { _handle?: object | null })._handle ?? null
}

/** A connection from a bare handle, as Node makes one. */
export function socketOfHandle(handle: object): Socket {
  return new Socket({ handle, readable: true, writable: true } as ConstructorParameters<typeof Socket>[0])
}

interface Envelope {
  readonly cmd?: unknown
  readonly message?: unknown
  readonly msg?: { readonly cmd?: unknown; readonly message?: unknown }
}

function handleOf(child: ChildProcess): PrivateHandle | null {
  const symbol = Object.getOwnPropertySymbols(child).find(
    ({ description }) => description === 'kChannelHandle',
  )
  if (symbol === undefined || !('_handleQueue' in child)) return null
  const handle = (child as unknown as Record<symbol, Partial<PrivateHandle> | undefined>)[symbol]
  const isComplete =
    typeof handle?.onread === 'function' &&
    'pendingHandle' in handle &&
    typeof handle.bytesRead === 'number' &&
    typeof handle.readStart === 'function' &&
    typeof handle.readStop === 'function'
  return isComplete ? (handle as PrivateHandle) : null
}
