/** Opcode of a Close frame: RFC 6455 section 5.5.1. */
const closeOpcode = 0x8
/** The server goes away, and the client may reconnect: RFC 6455 section 7.4.1. */
const goingAway = 1_001

/** Follows the frames in what one side of a WebSocket sends: RFC 6455 section 5.2. */
export class WebSocketFrames {
  #head: number[] = []
  /** Of the payload that is being sent. */
  #bytesLeft = 0
  #hasClosed = false

  /** Whether a frame could begin here. */
  get isBetween(): boolean {
    return this.#bytesLeft === 0 && this.#head.length === 0
  }

  /** Whether a Close frame has begun: nothing may be sent after it. */
  get hasClosed(): boolean {
    return this.#hasClosed
  }

  /** Parses to the end of the present frame, or of these bytes if that comes first. Returns the index after it. */
  takeOne(bytes: Uint8Array, from: number): number {
    for (let at = from; at < bytes.length; ) {
      if (this.#bytesLeft === 0) {
        this.#takeOfHead(bytes[at] as number)
        at += 1
      } else {
        const taken = Math.min(this.#bytesLeft, bytes.length - at)
        this.#bytesLeft -= taken
        at += taken
      }
      if (this.isBetween) return at
    }
    return bytes.length
  }

  takeAll(bytes: Uint8Array, from = 0): void {
    for (let at = from; at < bytes.length; ) at = this.takeOne(bytes, at)
  }

  #takeOfHead(byte: number): void {
    this.#head.push(byte)
    const [first = 0, second] = this.#head
    if (second === undefined || this.#head.length < headSize(second)) return
    this.#hasClosed ||= (first & 0x0f) === closeOpcode
    this.#bytesLeft = payloadBytes(this.#head)
    this.#head = []
  }
}

/** A Close frame as a server sends it, which is never masked. The reason helps to debug the client. */
export function goingAwayFrame(): Buffer {
  const reason = 'the server stops'
  const frame = Buffer.alloc(4 + reason.length)
  frame.writeUInt8(0x80 | closeOpcode, 0)
  frame.writeUInt8(2 + reason.length, 1)
  frame.writeUInt16BE(goingAway, 2)
  frame.write(reason, 4)
  return frame
}

function headSize(second: number): number {
  return 2 + lengthBytes(second) + (second & 0x80 ? 4 : 0)
}

/** What follows the first length: RFC 6455 section 5.2, "Payload length". */
function lengthBytes(second: number): 0 | 2 | 8 {
  const length = second & 0x7f
  return length === 127 ? 8 : length === 126 ? 2 : 0
}

function payloadBytes(head: readonly number[]): number {
  const second = head[1] ?? 0
  const extended = lengthBytes(second)
  return extended === 0
    ? second & 0x7f
    : head.slice(2, 2 + extended).reduce((sum, byte) => sum * 256 + byte, 0)
}
