// An expectation that the server does not know is refused, and appears in the access log like any request.
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { connect as connectHttp2 } from 'node:http2'
import { connect } from 'node:net'
import { join } from 'node:path'
import { connect as connectTls } from 'node:tls'
import { describe, expect, it } from 'vitest'
import { startLockstep } from '../support/lockstep.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { waitUntil } from '../support/wait-until.ts'

async function ask(port: number, { secure, text }: { secure: boolean; text: string }): Promise<string> {
  const socket = secure
    ? connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false, ALPNProtocols: ['http/1.1'] })
    : connect(port, '127.0.0.1')
  let got = ''
  socket.setEncoding('latin1').on('data', (bytes) => {
    got += String(bytes)
  })
  socket.on('error', () => undefined).write(text)
  await once(socket, 'close', { signal: AbortSignal.timeout(10_000) })
  return got
}

const expecting = (path: string, what: string): string =>
  `POST ${path} HTTP/1.1\r\nHost: localhost\r\nExpect: ${what}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`

async function overHttp2(url: string, path: string): Promise<number | undefined> {
  const session = connectHttp2(url, { rejectUnauthorized: false })
  session.on('error', () => undefined)
  const stream = session.request({ ':method': 'POST', ':path': path, expect: 'tea' })
  const [headers] = (await once(stream, 'response', { signal: AbortSignal.timeout(10_000) })) as [
    { ':status'?: number },
  ]
  stream.close()
  session.destroy()
  return headers[':status']
}

describe.each([
  { backend: 'single', args: ['--backend', 'single'] },
  { backend: 'cluster', args: ['--backend', 'cluster', '--workers', '2'] },
])('an unknown expectation under $backend', ({ args }) => {
  it.each(['apps/hello.js', 'shapes/exported-fetch.js', 'brought/tuned.js:plain'])(
    'from a client of %s gets 417, the usual headers, and a line in the access log',
    async (app) => {
      const file = join(temporaryFolder(), 'access.log')
      await using server = await startLockstep([
        ...['run', app, '--port', '0', ...args, '--access-log', file, '--access-log-format', 'json'],
        ...['--tls-self-signed', '--tls-protocols', 'h2,http/1.1', '--tls-hsts', '1d'],
        ...['--tls-redirect', '127.0.0.1:0', '--live-path', '/live'],
      ])
      const secure = true
      const redirect = Number(/Redirect: +http:\/\/127\.0\.0\.1:(\d+)/.exec(server.stdout())?.[1])
      const refused = await ask(server.port, { secure, text: expecting('/one', 'tea') })
      expect(refused).toMatch(/^HTTP\/1\.1 417 /)
      expect(refused).toContain('Strict-Transport-Security: max-age=86400')
      expect(await overHttp2(server.url, '/two')).toBe(417)
      // Addresses and paths that are answered without the app.
      expect(
        await ask(server.port, { secure, text: expecting('/live', 'tea').replace('POST', 'GET') }),
      ).toMatch(/^HTTP\/1\.1 200 /)
      expect(await ask(redirect, { secure: false, text: expecting('/three', 'tea') })).toMatch(
        /^HTTP\/1\.1 308 /,
      )
      const seen = (): string[] =>
        existsSync(file)
          ? readFileSync(file, 'utf8')
              .split('\n')
              .filter((line) => line !== '')
              .map((line) => JSON.parse(line) as { target: string; status: number })
              .map(({ target, status }) => `${target} ${status}`)
              .filter((line) => /^\/(?:one|two|three|live) /.test(line))
              .sort()
          : []
      await waitUntil(() => seen().length === 4, { what: 'four lines in the access log' })
      expect(seen()).toEqual(['/live 200', '/one 417', '/three 308', '/two 417'])
    },
  )
})
