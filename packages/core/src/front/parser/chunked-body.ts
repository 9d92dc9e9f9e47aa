import { InvalidAnswer } from './invalid-answer.ts'
import { parseTrailers } from './response-head.ts'

/** Of all chunk extensions of a body together, which have no use (CVE-2024-22019). */
const mostExtensionBytes = 16_384
const mostTrailerBytes = 16_384
/** So that a size is an exact number. */
const mostDigits = 12

type State = 'size' | 'extension' | 'size-lf' | 'data' | 'data-cr' | 'data-lf' | 'trailers' | 'over'

/** Decodes a chunked body: RFC 9112 section 7.1. It is strict: each line ends with CR LF, and nothing but an extension follows a size. */
export class ChunkedBody {
  readonly #onData: (bytes: Buffer, from: number, to: number) => void
  #state: State = 'size'
  #size = 0
  #digits = 0
  #extensionBytes = 0
  #trailers = ''

  constructor(onData: (bytes: Buffer, from: number, to: number) => void) {
    this.#onData = onData
  }

  get isOver(): boolean {
    return this.#state === 'over'
  }

  /** The trailer fields, once it is over. */
  trailers(): string[] {
    return parseTrailers(this.#trailers)
  }

  /** Decodes up to the end of the body, or of these bytes. Returns the index after it. Throws `InvalidAnswer`. */
  take(bytes: Buffer, from: number, to: number): number {
    let at = from
    while (at < to) {
      switch (this.#state) {
        case 'size':
          this.#takeOfSize(bytes[at] as number)
          at += 1
          break
        case 'extension':
          this.#takeOfExtension(bytes[at] as number)
          at += 1
          break
        case 'size-lf':
          demand(bytes[at] === lf)
          at += 1
          this.#state = this.#size === 0 ? 'trailers' : 'data'
          break
        case 'data': {
          const end = Math.min(to, at + this.#size)
          this.#onData(bytes, at, end)
          this.#size -= end - at
          at = end
          if (this.#size === 0) this.#state = 'data-cr'
          break
        }
        case 'data-cr':
          demand(bytes[at] === cr)
          at += 1
          this.#state = 'data-lf'
          break
        case 'data-lf':
          demand(bytes[at] === lf)
          at += 1
          this.#state = 'size'
          this.#digits = 0
          break
        case 'trailers':
          at = this.#takeOfTrailers(bytes, at, to)
          break
        case 'over':
          return at
      }
    }
    return at
  }

  #takeOfSize(byte: number): void {
    const digit = hexDigit(byte)
    if (digit >= 0) {
      this.#digits += 1
      demand(this.#digits <= mostDigits)
      this.#size = this.#size * 16 + digit
      return
    }
    demand(this.#digits > 0 && (byte === cr || byte === semicolon))
    this.#state = byte === cr ? 'size-lf' : 'extension'
  }

  #takeOfExtension(byte: number): void {
    if (byte === cr) {
      this.#state = 'size-lf'
      return
    }
    this.#extensionBytes += 1
    demand(this.#extensionBytes <= mostExtensionBytes && (byte === tab || (byte >= 0x20 && byte !== 0x7f)))
  }

  #takeOfTrailers(bytes: Buffer, from: number, to: number): number {
    const before = this.#trailers.length
    const text = this.#trailers + bytes.toString('latin1', from, Math.min(to, from + mostTrailerBytes))
    // Most bodies have none, and end with an empty line.
    const end = text.startsWith('\r\n') ? 0 : text.indexOf('\r\n\r\n')
    if (end < 0) {
      demand(text.length <= mostTrailerBytes && (text.length < 2 || text[0] !== '\r'))
      this.#trailers = text
      return from + text.length - before
    }
    this.#trailers = text.slice(0, end)
    this.#state = 'over'
    return from + end + (end === 0 ? 2 : 4) - before
  }
}

const cr = 0x0d
const lf = 0x0a
const tab = 0x09
const semicolon = 0x3b

function demand(isSo: boolean): void {
  if (!isSo) throw new InvalidAnswer('its chunked coding is broken')
}

/** -1: it is not one. */
function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30
  const lower = byte | 0x20
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1
}
