import { Socket } from 'node:net'
import { receiveHandles, socketOfHandle } from '../../../platform/node/internals/handle-channel.ts'
import { controlDescriptor } from '../../../platform/process/worker-descriptors.ts'
import { decodeFrames } from '../wire/frames.ts'
import { InOrder } from '../wire/in-order.ts'
import type { FromWorker, Numbered, ToWorker, WithSocket } from '../wire/messages.ts'

/** A worker's side of what it shares with the primary. */
export interface PrimaryLine {
  tell(message: FromWorker): void
  /** Writes the pending messages immediately, and calls back when they are written: for a process that is about to end. */
  flush(onWritten?: () => void): void
  /** From now on the line alone does not keep the process alive. */
  unref(): void
  ref(): void
}

export interface PrimaryLineOptions {
  readonly onMessage: (message: Exclude<ToWorker, WithSocket>) => void
  readonly onConnection: (socket: Socket, message: Extract<ToWorker, { type: 'connection' }>) => void
  readonly onListen: (handle: object, message: Extract<ToWorker, { type: 'listen' }>, number: number) => void
  readonly onAppPort: (handle: object, message: Extract<ToWorker, { type: 'app-port' }>) => void
  /** The primary has ended. */
  readonly onClose: () => void
}

export function openPrimaryLine({
  onMessage,
  onConnection,
  onListen,
  onAppPort,
  onClose,
}: PrimaryLineOptions): PrimaryLine {
  const line = new Socket({ fd: controlDescriptor, readable: true, writable: true })
  let waiting = ''
  const write = (onWritten?: () => void): void => {
    const text = waiting
    waiting = ''
    if (text !== '' && line.writable) line.write(text, onWritten)
    else onWritten?.()
  }
  const tell = (message: FromWorker): void => {
    // All of one turn of the event loop are written at once.
    if (waiting === '') process.nextTick(write)
    waiting += `${JSON.stringify(message)}\n`
  }
  const inOrder = new InOrder<ToWorker>({
    onMessage({ number, message, handle }) {
      if (message.type !== 'connection' && message.type !== 'listen' && message.type !== 'app-port')
        onMessage(message)
      else if (!handle) tell({ type: 'missed', number })
      else if (message.type === 'listen') onListen(handle, message, number)
      else if (message.type === 'app-port') onAppPort(handle, message)
      else {
        tell({ type: 'accepted', number })
        onConnection(socketOfHandle(handle), message)
      }
    },
    onLost: (number) => tell({ type: 'missed', number }),
  })
  receiveHandles((message, handle) => {
    const isInTime = inOrder.receive({ ...(message as Numbered<ToWorker>), handle })
    if (!isInTime) (handle as { close(): void } | null)?.close()
  })
  line.on(
    'data',
    decodeFrames((frame) => inOrder.receive({ ...(frame as Numbered<ToWorker>), handle: null })),
  )
  line.on('error', () => undefined)
  line.once('close', onClose)
  return { tell, flush: write, unref: () => void line.unref(), ref: () => void line.ref() }
}
