import type { IncomingMessage } from 'node:http'
import { requestFieldKind } from './headers/request-fields.ts'
import { invalidInValue } from './parser/name-table.ts'
import { mayTrail } from './parser/trailer-fields.ts'
import type { UpstreamConnection } from './upstream/upstream-connection.ts'

/** Up to this size, a body that has come with its head is sent with it, as one string. */
const mostJoinedBytes = 16_384

/** The body of a request on its way to an upstream: as fast as the upstream takes it, with framing of the front's own. */
export class RequestBody {
  readonly #request: IncomingMessage
  readonly #isChunked: boolean
  #connection: UpstreamConnection | null = null
  #responseMs = 0
  /** Waits for the first part of the body. */
  #head = ''
  #isSent = false

  constructor(request: IncomingMessage, { isChunked }: { isChunked: boolean }) {
    this.#request = request
    this.#isChunked = isChunked
  }

  get isSent(): boolean {
    return this.#isSent
  }

  /** Sends the head, and the body as it comes. From its end on, the upstream has `responseMs` to answer. */
  sendTo(connection: UpstreamConnection, { head, responseMs }: { head: string; responseMs: number }): void {
    this.#connection = connection
    this.#responseMs = responseMs
    this.#head = head
    this.#request.on('data', this.#onData)
    this.#request.on('end', this.#onEnd)
    // What has come with the head of the request is read before that.
    setImmediate(() => this.#sendHead())
  }

  resume(): void {
    if (this.#isSent) return
    this.#limit(0)
    this.#request.resume()
  }

  /** Sends nothing more. */
  stop(): void {
    this.#connection = null
    this.#head = ''
    this.#request.off('data', this.#onData)
    this.#request.off('end', this.#onEnd)
  }

  readonly #onData = (bytes: Buffer): void => {
    const connection = this.#connection
    if (!connection || bytes.length === 0) return
    connection.cork()
    const head = this.#isChunked ? `${this.#head}${bytes.length.toString(16)}\r\n` : this.#head
    const tail = this.#isChunked ? '\r\n' : ''
    this.#head = ''
    let isTaken: boolean
    if (bytes.length <= mostJoinedBytes)
      isTaken = connection.write(`${head}${bytes.toString('latin1')}${tail}`)
    else {
      if (head !== '') connection.write(head)
      isTaken = connection.write(bytes)
      if (tail !== '') isTaken = connection.write(tail)
    }
    connection.uncork()
    if (isTaken) return
    this.#request.pause()
    this.#limit(this.#responseMs)
  }

  readonly #onEnd = (): void => {
    this.#sendHead()
    if (this.#isChunked) this.#connection?.write(`0\r\n${trailerLines(this.#request.rawTrailers)}\r\n`)
    this.#isSent = true
    this.#limit(this.#responseMs)
  }

  /** Once the answer has begun, it has limits of its own. */
  #limit(ms: number): void {
    const connection = this.#connection
    if (connection?.awaitsHead) connection.limit(ms, 'response-late')
  }

  #sendHead(): void {
    const head = this.#head
    this.#head = ''
    if (head !== '') this.#connection?.write(head)
  }
}

/** Those that may be in a trailer section: RFC 9110 section 6.5.1. */
function trailerLines(raw: readonly string[]): string {
  let lines = ''
  for (let index = 0; index < raw.length; index += 2) {
    const name = raw[index] as string
    const value = raw[index + 1] as string
    // Over HTTP/2, nothing else has looked at the value.
    if (requestFieldKind(name) === 'passed' && mayTrail(name.toLowerCase()) && !invalidInValue.test(value))
      lines += `${name}: ${value}\r\n`
  }
  return lines
}
