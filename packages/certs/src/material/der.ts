/** One value of DER (X.690), as far as it is needed to look at certificates, lists and keys. */
export interface Der {
  readonly tag: number
  readonly content: Uint8Array
  /** Its header and its content, in bytes. */
  readonly length: number
}

/** Universal types, and the context-specific ones `[0]` to `[3]`, constructed. */
export const derTags = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  objectIdentifier: 0x06,
  sequence: 0x30,
  set: 0x31,
  context0: 0xa0,
  context1: 0xa1,
  context2: 0xa2,
  context3: 0xa3,
} as const

/** Reads the value that begins at an offset. Throws a `RangeError` when it is cut off or is not DER. */
export function readDer(bytes: Uint8Array, offset = 0): Der {
  const { tag, start, size } = header(bytes, offset)
  if (start + size > bytes.length)
    throw new RangeError(
      `${start - offset + size} bytes are announced, and ${bytes.length - offset} are there`,
    )
  return { tag, content: bytes.subarray(start, start + size), length: start - offset + size }
}

/** The values inside of a constructed one. */
export function derChildren({ content }: Pick<Der, 'content'>): Der[] {
  const children: Der[] = []
  for (let offset = 0; offset < content.length; ) {
    const child = readDer(content, offset)
    children.push(child)
    offset += child.length
  }
  return children
}

/** How many bytes a text in DER announces; `null` when it does not begin as DER does. */
export function announcedBytes(bytes: Uint8Array): number | null {
  try {
    const { start, size } = header(bytes, 0)
    return start + size
  } catch {
    return null // It does not even have a header.
  }
}

/** In dots, for example `2.5.29.19`. */
export function objectIdentifier({ content }: Der): string {
  const arcs: number[] = []
  let value = 0
  for (const byte of content) {
    value = value * 128 + (byte & 0x7f)
    if (byte & 0x80) continue
    if (arcs.length === 0) {
      const first = Math.min(2, Math.floor(value / 40))
      arcs.push(first, value - first * 40)
    } else arcs.push(value)
    value = 0
  }
  return arcs.join('.')
}

function header(bytes: Uint8Array, offset: number): { tag: number; start: number; size: number } {
  const [tag, first] = [bytes[offset], bytes[offset + 1]]
  if (tag === undefined || first === undefined) throw new RangeError('it ends inside of a header')
  if ((tag & 0x1f) === 0x1f) throw new RangeError('a tag of several bytes')
  if (first < 0x80) return { tag, start: offset + 2, size: first }
  const count = first & 0x7f
  const digits = bytes.subarray(offset + 2, offset + 2 + count)
  if (count === 0 || count > 4 || digits.length < count) throw new RangeError('a length that is not DER')
  return { tag, start: offset + 2 + count, size: digits.reduce((sum, digit) => sum * 256 + digit, 0) }
}
