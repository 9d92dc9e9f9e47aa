import { ChunkedBody } from './chunked-body.ts'
import { InvalidAnswer } from './invalid-answer.ts'
import { parseResponseHead, type ResponseHead } from './response-head.ts'

/** Takes the parts of a response as they come. */
export interface AnswerParts {
  /** An interim response (RFC 9110 section 15.2). */
  onInformation(head: ResponseHead): void
  onHead(head: ResponseHead): void
  /** A string has one character for each byte: small parts are passed on faster this way. */
  onBody(bytes: string | Buffer): void
  /** `trailers`: names and values in turn. */
  onEnd(trailers: readonly string[]): void
  /** The upstream has switched protocols; all bytes that follow are of the other one. */
  onSwitched(head: ResponseHead): void
  onSwitchedBytes(bytes: Buffer): void
}

const mostHeadBytes = 65_536
/** How much is looked at in one piece. Most responses are shorter than that. */
const pieceBytes = 8_192
/** Up to this size, a part of a body is passed on as a string. */
const mostStringBytes = 8_192
/** A client would wait forever for the answer that never comes. */
const mostInterim = 32

type State = 'idle' | 'head' | 'length' | 'chunked' | 'until-close' | 'switched'

/** What the request decides about its response. */
export interface AskedFor {
  readonly isHead: boolean
  /** The request asked for another protocol. */
  readonly isUpgrade: boolean
}

/** Reads the responses on a connection, one for each `begin()`. It never keeps what it is handed: the buffer is used again. */
export class ResponseReader {
  #state: State = 'idle'
  #parts!: AnswerParts
  #asked!: AskedFor
  /** Of a head that has not come to its end. */
  #held = ''
  #interim = 0
  #left = 0
  #chunks: ChunkedBody | null = null
  #head: ResponseHead | null = null

  /** Whether a byte of the present response has come. */
  get hasBegun(): boolean {
    return this.#state !== 'head' || this.#held !== '' || this.#interim > 0
  }

  /** The head of the final response has not come. */
  get awaitsHead(): boolean {
    return this.#state === 'head'
  }

  get isIdle(): boolean {
    return this.#state === 'idle'
  }

  /** Whether the upstream takes a further request after the last response. */
  get keepsAlive(): boolean {
    return this.#head?.keepsAlive === true
  }

  /** For how long, if it said so. */
  get keepAliveMs(): number | null {
    return this.#head?.keepAliveMs ?? null
  }

  begin(parts: AnswerParts, asked: AskedFor): void {
    this.#parts = parts
    this.#asked = asked
    this.#state = 'head'
    this.#held = ''
    this.#interim = 0
  }

  /** Takes the first `size` bytes. Returns how many of them belong to the response: what follows does not. Throws `InvalidAnswer`. */
  take(bytes: Buffer, size: number): number {
    let at = 0
    while (at < size) {
      switch (this.#state) {
        case 'head':
          at = this.#takeOfHead(bytes, at, size)
          break
        case 'length': {
          const end = Math.min(size, at + this.#left)
          this.#left -= end - at
          this.#parts.onBody(copyOf(bytes, at, end))
          at = end
          if (this.#left === 0) this.#end([])
          break
        }
        case 'chunked': {
          const chunks = this.#chunks as ChunkedBody
          at = chunks.take(bytes, at, size)
          if (chunks.isOver) this.#end(chunks.trailers())
          break
        }
        case 'until-close':
          this.#parts.onBody(copyOf(bytes, at, size))
          at = size
          break
        case 'switched':
          this.#parts.onSwitchedBytes(Buffer.from(bytes.subarray(at, size)))
          at = size
          break
        case 'idle':
          return at
      }
    }
    return at
  }

  /** The upstream sends nothing more. Returns whether that is how its response ends. */
  takeEnd(): boolean {
    if (this.#state === 'switched') return true
    if (this.#state !== 'until-close') return false
    this.#end([])
    return true
  }

  #takeOfHead(bytes: Buffer, from: number, to: number): number {
    const before = this.#held.length
    const text = this.#held + bytes.toString('latin1', from, Math.min(to, from + pieceBytes))
    if (!text.startsWith('HTTP/1.') && !'HTTP/1.'.startsWith(text.slice(0, 7)))
      throw new InvalidAnswer('the answer does not begin with `HTTP/1.`')
    const end = text.indexOf('\r\n\r\n', Math.max(0, before - 3))
    if (end < 0 || end > mostHeadBytes) {
      if (text.length > mostHeadBytes) throw new InvalidAnswer('its head is too large')
      // Else an end that never comes in this form would be waited for.
      if (bareLineEnd.test(text)) throw new InvalidAnswer('its head has a bare CR or LF')
      this.#held = text
      return from + text.length - before
    }
    this.#held = ''
    this.#takeHead(parseResponseHead(text.slice(0, end)))
    return from + end + 4 - before
  }

  #takeHead(head: ResponseHead): void {
    const { status } = head
    if (status === 101) {
      if (!this.#asked.isUpgrade)
        throw new InvalidAnswer('it switches protocols, which the request did not ask for')
      this.#state = 'switched'
      this.#parts.onSwitched(head)
      return
    }
    if (status < 200) {
      this.#interim += 1
      if (this.#interim > mostInterim) throw new InvalidAnswer('it has too many interim responses')
      this.#parts.onInformation(head)
      return
    }
    this.#head = head
    this.#takeFraming(head)
    this.#parts.onHead(head)
    if (this.#state === 'length' && this.#left === 0) this.#end([])
  }

  /** RFC 9112 section 6.3. */
  #takeFraming({ status, contentLength, isChunked }: ResponseHead): void {
    this.#left = 0
    if (this.#asked.isHead || status === 204 || status === 304) this.#state = 'length'
    else if (isChunked) {
      this.#state = 'chunked'
      this.#chunks = new ChunkedBody((bytes, from, to) => this.#parts.onBody(copyOf(bytes, from, to)))
    } else if (contentLength !== null) {
      this.#state = 'length'
      this.#left = contentLength
    } else this.#state = 'until-close'
  }

  #end(trailers: readonly string[]): void {
    this.#state = 'idle'
    this.#chunks = null
    this.#parts.onEnd(trailers)
  }
}

const bareLineEnd = /(?<!\r)\n|\r(?!\n|$)/

function copyOf(bytes: Buffer, from: number, to: number): string | Buffer {
  return to - from <= mostStringBytes
    ? bytes.toString('latin1', from, to)
    : Buffer.from(bytes.subarray(from, to))
}
