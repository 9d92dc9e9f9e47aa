import type { Duplex } from 'node:stream'
import { isBytes } from '../../platform/node/is-bytes.ts'
import { goingAwayFrame, WebSocketFrames } from './websocket-frames.ts'

/** What an app that does not answer the client's Close by closing the connection may take. */
const endMs = 1_000

type Phase =
  /** The app has not finished the head of its answer. */
  | 'answering'
  | 'open'
  /** The app sends a Close frame itself, or has refused the upgrade: it knows what to do. */
  | 'left-to-the-app'
  /** We have sent a Close frame: what the app still sends goes nowhere. */
  | 'closed'

type Write = (chunk: unknown, ...rest: unknown[]) => boolean
type End = (callback?: () => void) => Duplex

/**
 * A WebSocket that an app serves, whatever library it does so with. The frames in what the app sends are followed, so that a Close
 * frame of ours is sent between two of them and never within one that is on its way. Between the fragments of a message it is allowed (RFC 6455
 * section 5.4).
 */
export class ServedWebSocket {
  readonly #socket: Duplex
  readonly #write: Write
  readonly #end: End
  readonly #frames = new WebSocketFrames()
  readonly #isOpenOverHttp2: (() => boolean) | null
  #answer = ''
  #phase: Phase = 'answering'
  #isAskedToClose = false

  /** `isOpen`: for a stream of HTTP/2, whose head isn't written to it. */
  constructor(socket: Duplex, { isOpen }: { isOpen?: () => boolean } = {}) {
    this.#socket = socket
    this.#isOpenOverHttp2 = isOpen ?? null
    this.#write = socket.write.bind(socket) as Write
    this.#end = socket.end.bind(socket) as End
    Object.assign(socket, {
      write: (...given: unknown[]) => this.#onWrite(given),
      end: (...given: unknown[]) => this.#onEnd(given),
    })
  }

  /** Sends a Close frame as soon as one is allowed. May be called again. */
  goAway(): void {
    this.#isAskedToClose = true
    this.#lookAtHead()
    if (this.#phase === 'open' && this.#frames.isBetween) this.#close()
  }

  #onWrite(given: readonly unknown[]): boolean {
    if (this.#phase === 'closed') {
      const callback = given.findLast((one) => typeof one === 'function')
      if (callback) process.nextTick(callback as () => void)
      return true
    }
    this.#lookAtHead()
    const [chunk, ...rest] = given
    const bytes = bytesOf(chunk, rest[0])
    if (this.#isAskedToClose && this.#phase === 'open') {
      const end = this.#frames.takeOne(bytes, 0)
      const written = this.#write(bytes.subarray(0, end), ...rest.filter((one) => typeof one === 'function'))
      if (this.#frames.isBetween) this.#close()
      return written
    }
    this.#follow(bytes)
    const written = this.#write(chunk, ...rest)
    if (this.#isAskedToClose && this.#phase === 'open' && this.#frames.isBetween) this.#close()
    return written
  }

  #lookAtHead(): void {
    if (this.#phase === 'answering' && this.#isOpenOverHttp2?.()) this.#phase = 'open'
  }

  #onEnd(given: readonly unknown[]): Duplex {
    const [chunk, encoding] = given
    if (chunk !== undefined && chunk !== null && typeof chunk !== 'function') this.#onWrite([chunk, encoding])
    return this.#end(given.findLast((one) => typeof one === 'function') as (() => void) | undefined)
  }

  #follow(bytes: Uint8Array): void {
    if (this.#phase === 'answering' && !this.#isOpenOverHttp2) this.#followAnswer(bytes)
    else if (this.#phase === 'open') this.#followFrames(bytes, 0)
  }

  #followAnswer(bytes: Uint8Array): void {
    const before = this.#answer.length
    this.#answer += Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
    const end = this.#answer.indexOf('\r\n\r\n')
    if (end < 0) return
    const isAccepted = /^HTTP\/1\.1 101 /.test(this.#answer)
    this.#answer = ''
    this.#phase = isAccepted ? 'open' : 'left-to-the-app'
    if (isAccepted) this.#followFrames(bytes, end + 4 - before)
  }

  #followFrames(bytes: Uint8Array, from: number): void {
    this.#frames.takeAll(bytes, from)
    if (this.#frames.hasClosed) this.#phase = 'left-to-the-app'
  }

  #close(): void {
    if (this.#frames.hasClosed) {
      this.#phase = 'left-to-the-app'
      return
    }
    this.#phase = 'closed'
    if (this.#socket.writableEnded) return
    this.#write(goingAwayFrame())
    // The server closes the connection (RFC 6455 section 7.1.1). A library does it when the client has answered; an app may not.
    const late = setTimeout(() => this.#end(), endMs)
    this.#socket.once('close', () => clearTimeout(late))
  }
}

/** Whether a request asks for a WebSocket: RFC 6455 section 4.2.1. */
export function asksForWebSocket({
  headers,
}: {
  headers: { readonly upgrade?: string | undefined }
}): boolean {
  return headers.upgrade?.toLowerCase() === 'websocket'
}

function bytesOf(chunk: unknown, encoding: unknown): Uint8Array {
  if (isBytes(chunk)) return chunk
  if (typeof chunk === 'string')
    return Buffer.from(chunk, typeof encoding === 'string' ? (encoding as BufferEncoding) : 'utf8')
  if (ArrayBuffer.isView(chunk)) return new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength)
  // The stream itself refuses it.
  return new Uint8Array()
}
