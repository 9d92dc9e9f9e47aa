import { deserialize, serialize } from 'node:v8'

const headerBytes = 4

/**
 * What the primary writes to a worker: frames of structured clone, since a plan has bytes and dates. Only this direction has them: V8's
 * format is not made for what a stranger writes, and a worker trusts its primary.
 */
export function encodeFrame(value: unknown): Buffer {
  const body = serialize(value)
  const frame = Buffer.allocUnsafe(headerBytes + body.length)
  frame.writeUInt32BE(body.length)
  body.copy(frame, headerBytes)
  return frame
}

/** Returns a function that takes pieces of the stream and calls back for each whole frame. */
export function decodeFrames(onFrame: (value: unknown) => void): (bytes: Buffer) => void {
  let pieces: Buffer[] = []
  let length = 0
  return (bytes) => {
    pieces.push(bytes)
    length += bytes.length
    for (;;) {
      if (length < headerBytes) return
      const [first] = pieces as [Buffer]
      const isSplit = first.length < headerBytes
      const header = isSplit ? Buffer.concat(pieces, length) : first
      const end = headerBytes + header.readUInt32BE()
      if (length < end) return
      const all = pieces.length === 1 ? first : Buffer.concat(pieces, length)
      const rest = all.subarray(end)
      pieces = rest.length > 0 ? [rest] : []
      length = rest.length
      onFrame(deserialize(all.subarray(headerBytes, end)))
    }
  }
}
