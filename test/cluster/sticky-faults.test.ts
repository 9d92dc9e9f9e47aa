// What goes wrong between the workers of a server with sticky sessions: it must end neither a worker nor the launcher.
import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import {
  Agent,
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type RequestOptions,
} from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { clientAuthority, pairFiles } from '../support/certificates.ts'
import { type Started, startLockstep } from '../support/lockstep.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { waitUntil } from '../support/wait-until.ts'

interface Answer {
  readonly status: number
  readonly body: string
  readonly headers: IncomingMessage['headers']
}

/** Two workers, each of which gets every second connection or so. */
function start(args: readonly string[] = [], folder = temporaryFolder()): Promise<Started> {
  return startLockstep(
    [
      ...['run', 'clients/fragile-sessions.js', '--backend', 'cluster', '--port', '0', '--workers', '2'],
      ...['--balance', 'round-robin', '--sticky', 'cookie'],
      ...['--access-log', '-', '--access-log-format', 'json', ...args],
    ],
    { env: { TMPDIR: folder } },
  )
}

async function ask(
  { url, port }: Started,
  options: RequestOptions & { cert?: Buffer; key?: Buffer } = {},
): Promise<Answer> {
  const send = url.startsWith('https') ? httpsRequest : httpRequest
  const asked = send({
    ...{ host: '127.0.0.1', port, agent: false, rejectUnauthorized: false },
    ...options,
  } as RequestOptions).end()
  const [response] = (await once(asked, 'response')) as [IncomingMessage]
  return { status: response.statusCode ?? 0, headers: response.headers, body: await text(response) }
}

const pidOf = ({ body }: Answer): number => (JSON.parse(body) as { pid: number }).pid

async function session(
  server: Started,
  options: Parameters<typeof ask>[1] = {},
): Promise<{ headers: { cookie: string }; pid: number }> {
  const answer = await ask(server, options)
  const [cookie = ''] = answer.headers['set-cookie']?.[0]?.split(';') ?? []
  expect(cookie).toContain('lockstep_worker_')
  return { headers: { cookie }, pid: pidOf(answer) }
}

/** The private sockets of the workers. */
function socketsIn(folder: string): { place: string; paths: string[] } {
  const [name = ''] = readdirSync(folder).filter((entry) => entry.startsWith('lockstep-'))
  const place = join(folder, name)
  return { place, paths: readdirSync(place).map((entry) => join(place, entry)) }
}

const deaths = (server: Started): number => (server.stderr().match(/worker \d died/g) ?? []).length

/** A connection that is kept, and that another worker than this one has accepted. */
async function elsewhere(server: Started, pid: number): Promise<Agent> {
  for (let count = 0; count < 20; count += 1) {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    const path = `/accepted-${randomUUID()}`
    await ask(server, { agent, path })
    const line = (): string | undefined =>
      server
        .stdout()
        .split('\n')
        .slice(0, -1)
        .find((one) => one.includes(path))
    await waitUntil(() => line() !== undefined, { what: 'the access log' })
    if ((JSON.parse(line() ?? '') as { pid: number }).pid !== pid) return agent
    agent.destroy()
  }
  throw new Error('no other worker accepts connections')
}

/** The status of the answer, and what follows an upgrade. */
async function askUpgrade(
  { port }: Started,
  { cookie, ...options }: RequestOptions & { cookie: string },
): Promise<[number, string]> {
  const asked = httpRequest({
    ...{ host: '127.0.0.1', port, headers: { cookie, connection: 'Upgrade', upgrade: 'echo' } },
    ...options,
    signal: AbortSignal.timeout(5_000),
  }).end()
  return Promise.race([
    once(asked, 'response').then(([response]: IncomingMessage[]): [number, string] => {
      response?.resume()
      return [response?.statusCode ?? 0, '']
    }),
    once(asked, 'upgrade').then(
      async ([, socket, head]): Promise<[number, string]> => [
        101,
        String(head) + (await text(socket as Socket)),
      ],
    ),
  ])
}

describe('a request that is passed on', () => {
  it('shows a client certificate on a curve that Node cannot read', async () => {
    const folder = temporaryFolder()
    const files = { cert: join(folder, 'bp.pem'), key: join(folder, 'bp-key.pem') }
    execFileSync(
      'openssl',
      [
        ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:brainpoolP256r1', '-nodes'],
        ...['-keyout', files.key, '-out', files.cert, '-subj', '/CN=brainpool', '-days', '9'],
      ],
      { stdio: 'ignore' },
    )
    const client = { cert: readFileSync(files.cert), key: readFileSync(files.key) }
    const pair = await pairFiles()
    const { caFile } = await clientAuthority()
    await using server = await start([
      ...['--cert', pair.cert, '--key', pair.key, '--tls-ca', caFile, '--tls-client-auth', 'request'],
    ])
    const { headers, pid } = await session(server, client)
    for (let count = 0; count < 4; count += 1) {
      const answer = await ask(server, { ...client, headers })
      expect(JSON.parse(answer.body)).toEqual({ pid, peer: 'brainpool' })
    }
    expect(deaths(server)).toBe(0)
  })

  it('is not run by another worker once it may have ended the one that it belongs to', async () => {
    await using server = await start()
    const { headers, pid } = await session(server)
    const agent = await elsewhere(server, pid)
    expect((await ask(server, { agent, headers })).status).toBe(200)
    const { status, body } = await ask(server, { agent, headers, path: '/die' })
    expect([status, body]).toEqual([502, expect.stringContaining('has ended')])
    await waitUntil(() => deaths(server) > 0, { what: 'the log of the death' })
    expect(deaths(server)).toBe(1)
  })

  it('closes the connection of the client if the app says so', async () => {
    await using server = await start()
    const { headers, pid } = await session(server)
    const agent = await elsewhere(server, pid)
    const kept = await ask(server, { agent, headers })
    expect([pidOf(kept), kept.headers.connection]).toEqual([pid, 'keep-alive'])
    const last = await ask(server, { agent, headers, path: '/close' })
    expect([pidOf(last), last.headers.connection]).toEqual([pid, 'close'])
  })

  it.runIf('shouldUpgradeCallback' in createServer())(
    'is upgraded if its own worker wants it, whatever the other one says',
    async () => {
      await using server = await start()
      const { headers, pid } = await session(server, { path: '/begin' })
      const agent = await elsewhere(server, pid)
      const { cookie } = headers
      expect(await askUpgrade(server, { agent, path: '/known', cookie })).toEqual([101, String(pid)])
    },
  )
})

describe('a request that its worker does not take', () => {
  it('fails alone if the app throws on its upgrade', async () => {
    const folder = temporaryFolder()
    await using server = await start([], folder)
    const { headers, pid } = await session(server)
    const { cookie } = headers
    const agent = await elsewhere(server, pid)
    for (const path of socketsIn(folder).paths) rmSync(path)
    expect(await askUpgrade(server, { agent, path: '/throw', cookie })).toEqual([500, ''])
    expect(server.stderr()).toContain('the app failed on an upgrade')
    expect(deaths(server)).toBe(0)
  })

  it('counts for the limits of the worker that answers it', async () => {
    const folder = temporaryFolder()
    await using server = await start(['--limit-concurrency', '1'], folder)
    const { headers, pid } = await session(server)
    const { cookie } = headers
    const agents = [
      await elsewhere(server, pid),
      await elsewhere(server, pid),
      await elsewhere(server, pid),
    ] as const
    for (const path of socketsIn(folder).paths) rmSync(path)
    const held = ask(server, { agent: agents[0], headers, path: '/held' }).catch(() => null)
    await server.waitFor('held')
    expect((await ask(server, { agent: agents[1], headers })).status).toBe(503)
    expect(await askUpgrade(server, { agent: agents[2], cookie })).toEqual([503, ''])
    await server[Symbol.asyncDispose]()
    await held
  })
})

describe('the private sockets', () => {
  it('may be replaced by what the launcher cannot remove', async () => {
    const folder = temporaryFolder()
    await using server = await start([], folder)
    const { pid } = await session(server)
    const { place, paths } = socketsIn(folder)
    for (const path of paths) {
      rmSync(path)
      mkdirSync(path)
    }
    writeFileSync(join(place, 'other'), '')
    process.kill(pid, 'SIGKILL')
    await waitUntil(() => deaths(server) > 0, { what: 'the log of the death' })
    await waitUntil(async () => (await ask(server)).status === 200, { what: 'an answer' })
    server.signal('SIGTERM')
    const { code, stderr } = await server.finished()
    expect([code, stderr]).toEqual([0, expect.stringContaining("can't remove a private socket")])
    expect(readdirSync(place)).toContain('other')
  })
})
