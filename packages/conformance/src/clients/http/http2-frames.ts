/** The client's side of the start of a connection: RFC 9113 section 3.4. */
export const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')

/** RFC 9113 section 6. */
export const frameTypes = {
  data: 0,
  headers: 1,
  priority: 2,
  reset: 3,
  settings: 4,
  ping: 6,
  goaway: 7,
  windowUpdate: 8,
  continuation: 9,
} as const

export const flags = { endStream: 1, ack: 1, endHeaders: 4 } as const

export interface Http2Frame {
  readonly type: number
  readonly flags?: number
  readonly stream?: number
  readonly payload?: Buffer
}

/** A frame as bytes, whether it makes sense or not: RFC 9113 section 4.1. */
export function frame({ type, flags: given = 0, stream = 0, payload = Buffer.alloc(0) }: Http2Frame): Buffer {
  const head = Buffer.alloc(9)
  head.writeUIntBE(payload.length, 0, 3)
  head.writeUInt8(type, 3)
  head.writeUInt8(given, 4)
  head.writeUInt32BE(stream, 5)
  return Buffer.concat([head, payload])
}

/** Settings without a change. */
export const settings = frame({ type: frameTypes.settings })

/** Takes whole frames off the front of bytes, and returns what is left. */
export function takeFrames(bytes: Buffer, take: (frame: Required<Http2Frame>) => void): Buffer {
  let rest = bytes
  while (rest.length >= 9 && rest.length >= 9 + rest.readUIntBE(0, 3)) {
    const end = 9 + rest.readUIntBE(0, 3)
    take({
      type: rest.readUInt8(3),
      flags: rest.readUInt8(4),
      stream: rest.readUInt32BE(5) & 0x7fffffff,
      payload: rest.subarray(9, end),
    })
    rest = rest.subarray(end)
  }
  return rest
}

/** Names and values, one character a byte, in order, and never checked. */
export type RawFields = readonly (readonly [name: string, value: string])[]

/** A field block without compression: RFC 7541 section 6.2.3. */
export function fieldBlock(fields: RawFields): Buffer {
  return Buffer.concat(fields.flatMap(([name, value]) => [Buffer.from([0x10]), text(name), text(value)]))
}

/** RFC 7541 section 5.2. */
export function text(value: string): Buffer {
  const bytes = Buffer.from(value, 'latin1')
  return Buffer.concat([integer(bytes.length, { bits: 7 }), bytes])
}

/** RFC 7541 section 5.1; `first` has the bits before it. */
export function integer(value: number, { bits, first = 0 }: { bits: number; first?: number }): Buffer {
  const most = 2 ** bits - 1
  if (value < most) return Buffer.from([first | value])
  const bytes = [first | most]
  let left = value - most
  for (; left >= 128; left = Math.floor(left / 128)) bytes.push((left % 128) + 128)
  return Buffer.from([...bytes, left])
}
