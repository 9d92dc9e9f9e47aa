import { describe, expect, it } from 'vitest'
import { goingAwayFrame, WebSocketFrames } from '../../src/serve/upgrade/websocket-frames.ts'

/** A frame as a server sends it. */
function frame(payloadBytes: number, { opcode = 0x2 } = {}): Buffer {
  const head =
    payloadBytes < 126
      ? Buffer.from([0x80 | opcode, payloadBytes])
      : payloadBytes < 65_536
        ? Buffer.from([0x80 | opcode, 126, payloadBytes >> 8, payloadBytes & 255])
        : Buffer.concat([Buffer.from([0x80 | opcode, 127]), wide(payloadBytes)])
  // Bytes that look like a Close frame to a parser that has lost its position.
  return Buffer.concat([head, Buffer.alloc(payloadBytes, 0x88)])
}

function wide(number: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE(BigInt(number))
  return bytes
}

describe('parsed WebSocket frames', () => {
  it.each([0, 1, 125, 126, 65_535, 65_536, 70_000])(
    'end at the right byte, with a payload of %i bytes',
    (size) => {
      const one = frame(size)
      const frames = new WebSocketFrames()
      const both = Buffer.concat([one, frame(3)])
      expect(frames.takeOne(both, 0)).toBe(one.length)
      expect([frames.isBetween, frames.hasClosed]).toEqual([true, false])
    },
  )

  it.each([0, 5, 126, 300])('are parsed byte by byte, with a payload of %i bytes', (size) => {
    const frames = new WebSocketFrames()
    const one = frame(size)
    const places = [...one].map((byte) => {
      frames.takeAll(Buffer.of(byte))
      return frames.isBetween
    })
    expect(places).toEqual([...Array(one.length - 1).fill(false), true])
    expect(frames.hasClosed).toBe(false)
  })

  it('are parsed with the length that a masked frame has', () => {
    const frames = new WebSocketFrames()
    frames.takeAll(Buffer.from([0x81, 0x80 | 2, 1, 2, 3, 4, 0xff]))
    expect(frames.isBetween).toBe(false)
    frames.takeAll(Buffer.from([0xff]))
    expect(frames.isBetween).toBe(true)
  })

  it('show a Close frame among other frames', () => {
    const frames = new WebSocketFrames()
    frames.takeAll(Buffer.concat([frame(10), frame(2, { opcode: 0x8 })]))
    expect(frames.hasClosed).toBe(true)
  })

  it('include the Close frame of RFC 6455 section 5.5.1', () => {
    const frames = new WebSocketFrames()
    const close = goingAwayFrame()
    frames.takeAll(close)
    expect([frames.isBetween, frames.hasClosed]).toEqual([true, true])
    expect([close[0], close.readUInt16BE(2)]).toEqual([0x88, 1001])
  })
})
