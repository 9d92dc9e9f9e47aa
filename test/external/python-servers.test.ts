import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import https from 'node:https'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { type PeerName, peer } from '../../scripts/peers/peers.mjs'
import { pairFiles } from '../support/certificates.ts'
import { exchange } from '../support/exchange.ts'
import { fixtures, runLockstep, type StartOptions, startLockstep } from '../support/lockstep.ts'
import { missingPeers } from '../support/missing-peers.ts'
import { startLoad } from '../support/steady-load.ts'
import { tlsExchange } from '../support/tls-client.ts'
import { waitUntil } from '../support/wait-until.ts'

const without = missingPeers('gunicorn', 'uvicorn', 'gunicorn-26', 'gunicorn-old', 'uvicorn-old')

const folder = join(fixtures, 'python')

/** As a shell in which the virtual environment of that program is active. */
const activated = (program: PeerName, options: StartOptions = {}): StartOptions => ({
  cwd: folder,
  deadlineMs: 40_000,
  ...options,
  env: { PATH: `${dirname(peer(program))}:${process.env['PATH']}`, ...options.env },
})

const backendOf = (program: PeerName): string => (program.startsWith('uvicorn') ? 'uvicorn' : 'gunicorn')

const startWith = (
  { program, app, own = '' }: { program: PeerName; app: string; own?: string | undefined },
  ...words: readonly string[]
) =>
  startLockstep(
    ['run', app, '--backend', backendOf(program), '--port', '0', ...words],
    activated(program, { env: own === '' ? {} : { GUNICORN_CMD_ARGS: own } }),
  )

const start = (program: PeerName, app: string, ...words: readonly string[]) =>
  startWith({ program, app }, ...words)

interface Facts {
  readonly scheme: string
  readonly client: string | null
  readonly headers: Readonly<Record<string, string>>
}

/** `client`: whether the server passes the address that the front reports on to the app. */
const servers: readonly {
  program: PeerName
  app: 'asgi' | 'wsgi'
  client: boolean
  /** Of Gunicorn itself. */
  own?: string
}[] = [
  { program: 'gunicorn', app: 'asgi', client: false, own: '--worker-class asgi' },
  { program: 'gunicorn', app: 'asgi', client: true },
  { program: 'gunicorn', app: 'wsgi', client: false },
  { program: 'gunicorn-26', app: 'wsgi', client: false },
  { program: 'gunicorn-old', app: 'asgi', client: true },
  { program: 'gunicorn-old', app: 'wsgi', client: false },
  { program: 'uvicorn', app: 'asgi', client: true },
  { program: 'uvicorn', app: 'wsgi', client: true },
  { program: 'uvicorn-old', app: 'asgi', client: true },
  { program: 'uvicorn-old', app: 'wsgi', client: true },
]

describe.skipIf(process.platform === 'win32' || without !== '')(
  `a Python app behind Lockstep${without}`,
  { timeout: 90_000 },
  () => {
    it.each(servers)(
      'is served over TLS by $program ($app $own), which knows of it',
      async ({ program, app, client, own }) => {
        const pair = await pairFiles()
        await using server = await startWith(
          { program, app: `apps.py:${app}`, own },
          '--cert',
          pair.cert,
          '--key',
          pair.key,
        )
        const asked = { ca: pair.certPem }
        const { body } = await exchange(server.url, {
          ...asked,
          path: '/facts',
          headers: { 'x-forwarded-for': '9.9.9.9' },
        })
        const facts = JSON.parse(body) as Facts
        expect(facts).toMatchObject({
          scheme: 'https',
          headers: {
            'x-forwarded-for': '127.0.0.1',
            'x-forwarded-proto': 'https',
            host: `127.0.0.1:${server.port}`,
          },
        })
        if (client) expect(facts.client).toBe('127.0.0.1')
        // Within the limits of the front, and above the usual ones of the servers.
        const large = { 'x-large': 'a'.repeat(12_000), 'x-more': 'b' }
        expect(await exchange(server.url, { ...asked, headers: large })).toMatchObject({ status: 200 })
        const posted = { ...asked, method: 'POST', path: '/upload', body: 'x'.repeat(3_000_000) }
        expect(await exchange(server.url, posted)).toMatchObject({ status: 200, body: '3000000' })
        const slow = exchange(server.url, { ...asked, path: '/slow' })
        await exchange(server.url, asked)
        server.signal('SIGTERM')
        expect(await slow).toMatchObject({ status: 200 })
        expect(await server.finished()).toMatchObject({ code: 0, signal: null })
        expect(server.processes()).toEqual([])
      },
    )

    it.each(servers.filter(({ app }) => app === 'asgi'))(
      'sends events at once and speaks WebSocket under $program $own',
      async ({ program, own }) => {
        const pair = await pairFiles()
        await using server = await startWith(
          { program, app: 'apps.py:asgi', own },
          '--cert',
          pair.cert,
          '--key',
          pair.key,
        )
        const arrivals: number[] = []
        const { promise, resolve, reject } = Promise.withResolvers<void>()
        https.get(`${server.url}events`, { ca: pair.certPem }, (response) =>
          response
            .on('data', () => arrivals.push(performance.now()))
            .once('end', resolve)
            .once('error', reject),
        )
        await promise
        expect(arrivals).toHaveLength(3)
        expect((arrivals[2] ?? 0) - (arrivals[0] ?? 0)).toBeGreaterThan(400)

        const socket = new WebSocket(server.url.replace('https', 'wss'), { ca: pair.certPem })
        const [scheme] = (await once(socket, 'message')) as [Buffer]
        // Uvicorn 0.17 says https.
        expect(String(scheme)).toMatch(/^(wss|https)$/)
        socket.send('grüße')
        const [echo] = (await once(socket, 'message')) as [Buffer]
        expect(String(echo)).toBe('grüße')
        socket.close()
        await once(socket, 'close')
      },
    )

    it.each(['gunicorn', 'uvicorn'] as const)(
      'keeps its process while a certificate is replaced under %s',
      async (program) => {
        const pair = await pairFiles()
        await using server = await start(program, 'apps.py:asgi', '--cert', pair.cert, '--key', pair.key)
        const before = await tlsExchange(server.port)
        const next = await pairFiles()
        writeFileSync(pair.key, next.keyPem)
        writeFileSync(pair.cert, next.certPem)
        await waitUntil(async () => (await tlsExchange(server.port)).fingerprint256 === next.fingerprint256, {
          what: () => 'the new certificate',
        })
        const after = await tlsExchange(server.port)
        expect(before.fingerprint256).toBe(pair.fingerprint256)
        expect(after.body).toBe(before.body)
      },
    )

    it.each([
      ['gunicorn', 'asgi'],
      ['gunicorn', 'wsgi'],
      ['uvicorn', 'asgi'],
    ] as const)('loses no request while %s (%s) is replaced', async (program, app) => {
      await using server = await start(program, `apps.py:${app}`, '--workers', '2')
      await using load = startLoad(server.url, { clients: 4 })
      for (let round = 0; round < 2; round += 1)
        expect(
          await runLockstep(['reload'], {
            env: { XDG_RUNTIME_DIR: server.runtimeFolder },
            deadlineMs: 40_000,
          }),
        ).toMatchObject({ code: 0 })
      const enough = load.total() + 50
      await waitUntil(() => load.total() > enough, { what: () => '50 more answers' })
      await load.stop()
      expect(load.losses).toEqual([])
      expect(load.answers.size).toBe(6)
    })

    it('is replaced by Gunicorn when it blocks its event loop', async () => {
      await using server = await start('gunicorn', 'apps.py:asgi', '--timeout', '2s')
      const { body: before } = await exchange(server.url)
      void exchange(server.url, { path: '/block' }).catch(() => undefined)
      await server.waitFor(/WORKER TIMEOUT|Worker.*timeout/i, 20_000)
      await waitUntil(
        async () => {
          const answer = await exchange(server.url).catch(() => null)
          return answer?.status === 200 && answer.body !== before
        },
        { what: () => 'another process' },
      )
    })

    it.each([
      ['an instance', 'apps.py:instance', 'uvicorn'],
      ['a factory', 'apps:create_app()', 'uvicorn'],
      ['a factory', 'apps:create_app()', 'gunicorn'],
      ['a factory with arguments', 'apps:create_app("wsgi")', 'gunicorn'],
    ] as const)('may be %s (%s under %s)', async (_, app, program) => {
      await using server = await start(program, app)
      expect(await exchange(server.url, { path: '/facts' })).toMatchObject({ status: 200 })
    })

    it('runs under Gunicorn when the backend is left to auto', async () => {
      await using server = await startLockstep(['run', 'apps.py:asgi', '--port', '0'], activated('gunicorn'))
      expect(server.stderr()).toContain('gunicorn 27')
    })

    it('ends with the launcher', async () => {
      await using server = await start('gunicorn', 'apps.py:asgi', '--workers', '2')
      server.signal('SIGKILL')
      await waitUntil(() => server.processes().length === 0, { what: () => `${server.processes()} to end` })
    })

    it('has the hooks and the threads of its own gunicorn.conf.py', async () => {
      await using server = await startLockstep(
        ['run', 'main:app', '--port', '0'],
        activated('gunicorn', { cwd: join(folder, 'own-settings') }),
      )
      expect(server.stderr()).toContain('a hook of gunicorn.conf.py has run with 2 threads')
    })
  },
)
