import type { Duplex } from 'node:stream'
import { http } from '../../platform/node/node-http.ts'

/** For how long what a client still sends is read, before its connection is closed: else the answer is lost with it (RFC 9112 section 9.6). */
const lingerMs = 500

/** Answers on a connection that HTTP no longer uses, after an upgrade, CONNECT or a request that can't be read, and closes it. */
export function answerRaw(
  socket: Duplex,
  {
    status,
    retryAfterSeconds,
    reason,
    fields = [],
  }: {
    status: number
    retryAfterSeconds?: number | undefined
    /** A sentence for the client, in ASCII. */
    reason?: string
    /** More lines of the head. */
    fields?: readonly string[]
  },
): void {
  const text = `${status} ${http.STATUS_CODES[status]}\n${reason === undefined ? '' : `${reason}\n`}`
  const head = [
    `HTTP/1.1 ${status} ${http.STATUS_CODES[status]}`,
    `Date: ${new Date().toUTCString()}`,
    'Content-Type: text/plain; charset=utf-8',
    `Content-Length: ${text.length}`,
    ...(retryAfterSeconds === undefined ? [] : [`Retry-After: ${retryAfterSeconds}`]),
    ...fields,
    'Connection: close',
  ]
  if (!socket.writable) {
    socket.destroy()
    return
  }
  socket.end(`${head.join('\r\n')}\r\n\r\n${text}`)
  const late = setTimeout(() => socket.destroy(), lingerMs)
  socket.once('end', () => socket.destroy())
  socket.once('close', () => clearTimeout(late))
  socket.resume()
}

/** What has been answered on such a connection. */
export interface RawAnswer {
  /** 0 as long as nothing has been. */
  readonly status: number
  /** Of what follows the head. */
  readonly bytes: number
}

/** Follows what an app writes on a connection that HTTP no longer uses. `onAnswered` is called once the status line is written. */
export function watchRawAnswer(socket: Duplex, { onAnswered }: { onAnswered: () => void }): RawAnswer {
  const answer = { status: 0, bytes: 0 }
  let head = ''
  let isHeadOver = false
  const follow = (chunk: unknown, encoding: unknown): void => {
    const bytes = bytesOf(chunk, encoding)
    if (isHeadOver) {
      answer.bytes += bytes.length
      return
    }
    const before = head.length
    head += bytes.toString('latin1')
    if (answer.status === 0) {
      const status = /^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1]
      if (status !== undefined) {
        answer.status = Number(status)
        onAnswered()
      }
    }
    const end = head.indexOf('\r\n\r\n')
    // What isn't HTTP, or never ends its head, isn't kept.
    if (end < 0 && head.length < longestHead) return
    isHeadOver = true
    answer.bytes += end < 0 ? 0 : bytes.length - (end + 4 - before)
    head = ''
  }
  for (const name of ['write', 'end'] as const) {
    const original = socket[name].bind(socket) as (...given: unknown[]) => unknown
    Object.assign(socket, {
      [name]: (...given: unknown[]) => {
        follow(given[0], given[1])
        return original(...given)
      },
    })
  }
  return answer
}

const longestHead = 65_536

function bytesOf(chunk: unknown, encoding: unknown): Buffer {
  if (typeof chunk === 'string')
    return Buffer.from(chunk, typeof encoding === 'string' && Buffer.isEncoding(encoding) ? encoding : 'utf8')
  return ArrayBuffer.isView(chunk)
    ? Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
    : Buffer.alloc(0)
}
