import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { fixtures, type Started, startLockstep } from '../support/lockstep.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const burst = 60

interface Asked {
  readonly socket: Socket
  readonly answer: Promise<string>
}

/** One connection with one request. Returns everything that comes back until it ends. */
async function ask(where: number | string, path: string): Promise<Asked> {
  const socket = typeof where === 'string' ? connect(where) : connect(where, '127.0.0.1')
  let answer = ''
  socket.setEncoding('latin1').on('data', (text: string) => {
    answer += text
  })
  socket.on('error', () => undefined)
  // A connection that is reset still returns what it received.
  const closed = new Promise((resolve) => socket.once('close', resolve))
  await once(socket, 'connect')
  socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`)
  return { socket, answer: closed.then(() => answer) }
}

/** Stops a server whose event loop is busy, while connections that the system has completed wait in its queue. */
async function stopWithQueue(server: Started, where: number | string): Promise<string[]> {
  const busy = await ask(where, '/block?ms=1500')
  await server.waitFor('blocks now')
  const waiting = await Promise.all(Array.from({ length: burst }, (_, index) => ask(where, `/${index}`)))
  server.signal('SIGTERM')
  expect(await busy.answer).toContain('200 OK')
  return Promise.all(waiting.map(({ answer }) => answer))
}

const app = join(fixtures, 'apps/blocks-when-asked.js')

describe('the accept queue of a listener', () => {
  it.each(['single', 'cluster'])('is served when the server stops: %s', async (backend) => {
    await using server = await startLockstep([app, '--port', '0', '--backend', backend])
    const answers = await stopWithQueue(server, server.port)
    expect(answers.filter((answer) => answer.startsWith('HTTP/1.1 200'))).toHaveLength(burst)
    expect((await server.finished()).code).toBe(0)
  })

  it.skipIf(process.platform === 'win32')('is served on a UNIX domain socket too', async () => {
    const path = join(temporaryFolder(), 'socket')
    await using server = await startLockstep([app, '--bind', `unix:${path}`])
    const answers = await stopWithQueue(server, path)
    expect(answers.filter((answer) => answer.startsWith('HTTP/1.1 200'))).toHaveLength(burst)
  })
})
