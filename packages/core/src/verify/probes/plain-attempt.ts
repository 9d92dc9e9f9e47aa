import { closed } from './closed.ts'
import { harmlessRequest } from './harmless-request.ts'
import { connectTo, type ProbeTarget } from './probe-target.ts'
import { tryForRoom } from './try-for-room.ts'

export interface PlainAttempt {
  /** `null` when the answer is not HTTP. */
  readonly statusLine: string | null
  /** The status line and the headers, as far as they came. */
  readonly head: string
  readonly observed: string
  /** The server ended the connection before its answer was complete. */
  readonly isClosed: boolean
}

/** What an address answers to a client that speaks plain HTTP. */
export async function attemptPlain(
  target: ProbeTarget,
  {
    deadlineMs,
    request = harmlessRequest('http/1.1', target.secret),
  }: { deadlineMs: number; request?: string | Buffer },
): Promise<PlainAttempt> {
  const seenElsewhere = await target.thread?.ask({ kind: 'plain', options: { deadlineMs, request } }, target)
  if (seenElsewhere) return seenElsewhere as PlainAttempt
  return tryForRoom(
    () => attemptOnce(target, { deadlineMs, request }),
    ({ head, isClosed }) => target.isLimited && isClosed && head === '',
  )
}

async function attemptOnce(
  target: ProbeTarget,
  { deadlineMs, request }: { deadlineMs: number; request: string | Buffer },
): Promise<PlainAttempt> {
  const socket = connectTo(target)
  const answer = Promise.withResolvers<PlainAttempt>()
  let head = ''
  const settle = (statusLine: string | null, observed: string, { isClosed = false } = {}): void =>
    answer.resolve({ statusLine, head, observed, isClosed })
  const timer = setTimeout(() => settle(null, `no answer within ${deadlineMs / 1_000} s`), deadlineMs)
  socket.once('connect', () => socket.write(request))
  socket.on('data', (bytes) => {
    head += bytes.toString('latin1')
    const [line = ''] = head.split('\r\n', 1)
    if (!line.startsWith('HTTP/')) settle(null, 'an answer that is not HTTP')
    else if (head.includes('\r\n\r\n')) settle(line, line)
  })
  socket.once('error', (error) => settle(null, error.message, { isClosed: true }))
  socket.once('close', () => settle(null, 'the connection was closed', { isClosed: true }))
  try {
    return await answer.promise
  } finally {
    clearTimeout(timer)
    await closed(socket)
  }
}
