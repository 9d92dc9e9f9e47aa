import { once } from 'node:events'
import { connect } from 'node:tls'
import { flags, frame, frameTypes, preface, settings, takeFrames } from './http2-frames.ts'

/** What came of one stream. */
export interface StreamEnd {
  /** Of the answer; `null` when none came, or when the first field of its head isn't one. */
  readonly status: number | null
  /** The code of RST_STREAM; `null` when none came. */
  readonly reset: number | null
}

/** A connection over HTTP/2 on which exactly the given bytes are sent. It acknowledges settings. */
export interface BareHttp2 {
  send(bytes: Uint8Array): void
  /** Takes nothing more of what the server sends. */
  pause(): void
  /** Resolves when the stream has ended, in whatever way, or the whole connection has. Rejects after the deadline. */
  end(stream: number, deadlineMs: number): Promise<StreamEnd>
  /** Resolves when the server has closed the connection, with `false` after the deadline. */
  closedWithin(deadlineMs: number): Promise<boolean>
  /** The code of GOAWAY; `null` while none came. */
  goaway(): number | null
  destroy(): void
}

export async function openBareHttp2({
  host,
  port,
}: {
  readonly host: string
  readonly port: number
}): Promise<BareHttp2> {
  const socket = connect({ host, port, rejectUnauthorized: false, ALPNProtocols: ['h2'] })
  const streams = new Map<number, { status: number | null; reset: number | null; ended: boolean }>()
  const waiting = new Set<() => void>()
  const streamOf = (id: number) => {
    const known = streams.get(id) ?? { status: null, reset: null, ended: false }
    streams.set(id, known)
    return known
  }
  let goaway: number | null = null
  let rest: Buffer = Buffer.alloc(0)
  socket.on('data', (bytes: Buffer) => {
    rest = takeFrames(Buffer.concat([rest, bytes]), ({ type, flags: given, stream, payload }) => {
      if (type === frameTypes.settings && (given & flags.ack) === 0)
        socket.write(frame({ type: frameTypes.settings, flags: flags.ack }))
      if (type === frameTypes.goaway) goaway = payload.readUInt32BE(4)
      if (type === frameTypes.reset) streamOf(stream).reset = payload.readUInt32BE(0)
      if (type === frameTypes.headers) streamOf(stream).status ??= statusIn(payload)
      if (type <= frameTypes.headers && (given & flags.endStream) !== 0) streamOf(stream).ended = true
    })
    for (const look of waiting) look()
  })
  socket.on('error', () => undefined)
  socket.on('close', () => {
    for (const look of waiting) look()
  })
  await once(socket, 'secureConnect', { signal: AbortSignal.timeout(5_000) })
  socket.write(Buffer.concat([preface, settings]))
  const until = (holds: () => boolean, deadlineMs: number): Promise<boolean> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (holds()) finish(true)
      }
      const finish = (result: boolean): void => {
        clearTimeout(timer)
        waiting.delete(look)
        resolve(result)
      }
      const timer = setTimeout(() => finish(false), deadlineMs)
      waiting.add(look)
      look()
    })
  return {
    send: (bytes) => void socket.write(bytes),
    pause: () => void socket.pause(),
    async end(id, deadlineMs) {
      const stream = streamOf(id)
      await until(() => socket.destroyed || stream.ended || stream.reset !== null, deadlineMs)
      return { status: stream.status, reset: stream.reset }
    },
    closedWithin: (deadlineMs) => until(() => socket.destroyed, deadlineMs),
    goaway: () => goaway,
    destroy: () => socket.destroy(),
  }
}

/** A status comes first (RFC 9113 section 8.3), from the static table of RFC 7541 or as a literal whose name is there. */
function statusIn(block: Buffer): number | null {
  const [first = 0, length = 0] = block
  const known = [200, 204, 206, 304, 400, 404, 500][first - 0x88]
  if (known !== undefined) return known
  if (first !== 0x48 && first !== 0x08) return null
  const value = block.subarray(2, 2 + (length & 0x7f))
  return Number((length & 0x80) === 0 ? value.toString('latin1') : digitsOfHuffman(value))
}

/** RFC 7541 appendix B has codes of five bits for 0 to 2, and of six bits for the other digits. */
function digitsOfHuffman(bytes: Buffer): string {
  let bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  let digits = ''
  while (digits.length < 3 && bits.length >= 5) {
    const short = Number.parseInt(bits.slice(0, 5), 2)
    digits += short <= 2 ? short : Number.parseInt(bits.slice(0, 6), 2) - 0x19 + 3
    bits = bits.slice(short <= 2 ? 5 : 6)
  }
  return digits
}
