import { connect } from 'node:net'
import { closed } from './closed.ts'
import { harmlessRequests } from './harmless-request.ts'
import type { ProbeTarget } from './probe-target.ts'

/** What an address answers to a client that speaks plain HTTP: its status line, or `null` when what came is no HTTP. */
export async function attemptPlain(
  target: ProbeTarget,
  { deadlineMs }: { deadlineMs: number },
): Promise<{ statusLine: string | null; observed: string }> {
  const socket = connect(target)
  const answer = Promise.withResolvers<{ statusLine: string | null; observed: string }>()
  const settle = (statusLine: string | null, observed: string): void =>
    answer.resolve({ statusLine, observed })
  const timer = setTimeout(() => settle(null, `no answer within ${deadlineMs / 1_000} s`), deadlineMs)
  socket.once('connect', () => socket.write(harmlessRequests['http/1.1']))
  socket.once('data', (bytes) => {
    const [line = ''] = bytes.toString('latin1').split('\r\n', 1)
    if (line.startsWith('HTTP/')) settle(line, line)
    else settle(null, 'an answer that is no HTTP')
  })
  socket.once('error', (error) => settle(null, error.message))
  socket.once('close', () => settle(null, 'the connection was closed'))
  try {
    return await answer.promise
  } finally {
    clearTimeout(timer)
    await closed(socket)
  }
}
