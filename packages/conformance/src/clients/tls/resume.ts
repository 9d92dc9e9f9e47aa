import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls'
import type { Request } from '../http/node-client.ts'
import { missedDeadline } from '../missed-deadline.ts'
import type { Observation } from '../observation.ts'
import { record } from '../recorder.ts'

/** A session that a server has given out, to be shown to it again (RFC 8446 section 2.2). */
export async function takeSession({ host, port, tls = {}, deadlineMs = 5_000 }: Request): Promise<Buffer> {
  const socket = open({ host, port, tls })
  const timer = setTimeout(() => socket.destroy(missedDeadline(deadlineMs, 'a session')), deadlineMs)
  try {
    const given = once(socket, 'session')
    // Under TLS 1.3 it comes with the first answer, or before it.
    socket.write('GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')
    const [session] = await given
    return session as Buffer
  } finally {
    clearTimeout(timer)
    socket.destroy()
  }
}

/** Offers a session and returns whether it was resumed, judged after the server has answered. */
export async function isResumed(
  { host, port, tls = {}, path = '/', deadlineMs = 5_000 }: Request,
  session: Buffer,
): Promise<{ readonly resumed: boolean; readonly body: string }> {
  const socket = open({ host, port, tls: { ...tls, session } })
  const timer = setTimeout(() => socket.destroy(missedDeadline(deadlineMs, 'an answer')), deadlineMs)
  let received = ''
  let resumed = false
  socket.once('secureConnect', () => {
    resumed = socket.isSessionReused()
  })
  try {
    socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`)
    for await (const chunk of socket.setEncoding('utf8')) received += String(chunk)
    record(`GET ${path} with a session`, seen(resumed, received))
    return { resumed, body: received.slice(received.indexOf('\r\n\r\n') + 4) }
  } finally {
    clearTimeout(timer)
    socket.destroy()
  }
}

/** Offers a session on enough connections to reach each of two workers, except once in 10^11 runs, however they share them. */
export async function resumesByBoth(target: Request, session: Buffer): Promise<void> {
  const pids = new Set<string>()
  for (let count = 1; count <= 40; count += 1) {
    const { resumed, body } = await isResumed({ ...target, path: '/pid' }, session)
    assert.equal(resumed, true, `connection ${count}`)
    pids.add(body)
  }
  assert.equal(pids.size, 2, 'both workers were met')
}

function open({ host, port, tls }: { host: string; port: number; tls: ConnectionOptions }): TLSSocket {
  return connect({ host, port, rejectUnauthorized: false, ...tls })
}

function seen(resumed: boolean, received: string): Observation {
  const status = /^HTTP\/1\.1 (\d{3})/.exec(received)?.[1]
  return {
    client: 'node',
    outcome: status === undefined ? 'refused' : 'served',
    status: status === undefined ? null : Number(status),
    headers: {},
    body: '',
    tls: null,
    reason: resumed ? 'the session was resumed' : 'a new session',
    alert: null,
  }
}
