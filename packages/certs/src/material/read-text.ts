import { isUtf8 } from 'node:buffer'

/** What bytes say as text, or why they can't be read as text. */
export type TextReading =
  | { readonly kind: 'text'; readonly text: string; readonly encoding: 'UTF-8' | 'UTF-16' }
  | {
      readonly kind: 'refused'
      /** Completes a sentence about the file, without its full stop. It quotes only a position. */
      readonly says: string
      /** A command, where `FILE` stands for the file; or what else to do. */
      readonly cure: string
    }

type Encoding = 'UTF-8' | 'UTF-16LE' | 'UTF-16BE' | 'UTF-32LE' | 'UTF-32BE'

/** The longer marks come first: that of UTF-32LE begins as that of UTF-16LE does. */
const marks: readonly (readonly [Encoding, readonly number[]])[] = [
  ['UTF-32LE', [0xff, 0xfe, 0, 0]],
  ['UTF-32BE', [0, 0, 0xfe, 0xff]],
  ['UTF-8', [0xef, 0xbb, 0xbf]],
  ['UTF-16LE', [0xff, 0xfe]],
  ['UTF-16BE', [0xfe, 0xff]],
]

/**
 * Reads a text that a person wrote: UTF-8 with or without a byte order mark, or UTF-16 with one, as Notepad and PowerShell save it.
 * Every other encoding is refused, and the error names it. A reader that guesses would drop or misread lines.
 */
export function readText(bytes: Uint8Array): TextReading {
  const { encoding, markBytes } = encodingOf(bytes)
  const body = bytes.subarray(markBytes)
  if (encoding.startsWith('UTF-32')) return refused(`is saved as ${encoding}`, encoding)
  if (encoding !== 'UTF-8' && markBytes === 0)
    return refused(`is saved as ${encoding} without a byte order mark`, encoding)
  if (encoding === 'UTF-8' && !isUtf8(body)) {
    const line = lines(body).findIndex((one) => !isUtf8(one)) + 1
    return refused(
      `is not UTF-8 in line ${line}; an editor may have saved it as Latin-1 or Windows-1252`,
      'WINDOWS-1252',
    )
  }
  const text = decode(body, encoding)
  if (text === null)
    return refused(`is damaged: it begins as ${encoding} and goes on as something else`, encoding)
  const zero = text.indexOf('\0')
  if (zero >= 0) {
    return {
      kind: 'refused',
      says: `has a NUL character in line ${withPlainLineEnds(text.slice(0, zero)).split('\n').length}`,
      cure: 'Remove it, or write the file again. A disk that was full, or a crash, can leave such characters.',
    }
  }
  return { kind: 'text', text, encoding: encoding === 'UTF-8' ? 'UTF-8' : 'UTF-16' }
}

/** `UTF-16` or `UTF-32` if bytes are text in such an encoding; `null` for anything else. */
export function wideEncoding(bytes: Uint8Array): 'UTF-16' | 'UTF-32' | null {
  const { encoding } = encodingOf(bytes)
  return encoding === 'UTF-8' ? null : encoding.startsWith('UTF-32') ? 'UTF-32' : 'UTF-16'
}

/** The same text with `\n` at the end of each line, for `\r\n` (Windows) and a lone `\r` (old Mac programs). */
export function withPlainLineEnds(text: string): string {
  return text.replaceAll(/\r\n?/g, '\n')
}

function encodingOf(bytes: Uint8Array): { encoding: Encoding; markBytes: number } {
  const marked = marks.find(([, mark]) => mark.every((byte, index) => bytes[index] === byte))
  if (marked) return { encoding: marked[0], markBytes: marked[1].length }
  return { encoding: encodingByZeros(bytes.subarray(0, 256)), markBytes: 0 }
}

/** Most characters of a text that people write for a program are ASCII; in a wide encoding, such a character has zeros in fixed places. */
function encodingByZeros(start: Uint8Array): Encoding {
  const groups = Math.floor(start.length / 4)
  if (groups === 0) return start.length < 2 ? 'UTF-8' : byPairs(start)
  const zeros = [0, 1, 2, 3].map(
    (place) => start.filter((byte, index) => index % 4 === place && byte === 0).length / groups,
  )
  const [first = 0, second = 0, third = 0, fourth = 0] = zeros
  if (second === 1 && third === 1 && fourth === 1) return 'UTF-32LE'
  if (first === 1 && second === 1 && third === 1) return 'UTF-32BE'
  return byPairs(start)
}

function byPairs(start: Uint8Array): Encoding {
  const pairs = Math.floor(start.length / 2)
  const zeros = (parity: number): number =>
    start.filter((byte, index) => index % 2 === parity && byte === 0).length / pairs
  const [even, odd] = [zeros(0), zeros(1)]
  if (odd > 0.5 && even < 0.1) return 'UTF-16LE'
  return even > 0.5 && odd < 0.1 ? 'UTF-16BE' : 'UTF-8'
}

function decode(body: Uint8Array, encoding: Encoding): string | null {
  try {
    // The byte order mark is gone already; one that follows belongs to the text.
    return new TextDecoder(encoding.toLowerCase(), { fatal: true, ignoreBOM: true }).decode(body)
  } catch {
    return null // Half of a character.
  }
}

function refused(says: string, encoding: string): TextReading {
  return {
    kind: 'refused',
    says,
    cure: `Save it as UTF-8: iconv -f ${encoding} -t UTF-8 FILE > NEW, or "UTF-8" in the editor's list of encodings.`,
  }
}

/** By the bytes: no character of UTF-8 but the line feed itself has its byte in it. */
function lines(bytes: Uint8Array): Uint8Array[] {
  const found: Uint8Array[] = []
  let start = 0
  for (let end = bytes.indexOf(0x0a); end >= 0; end = bytes.indexOf(0x0a, start)) {
    found.push(bytes.subarray(start, end))
    start = end + 1
  }
  return [...found, bytes.subarray(start)]
}
