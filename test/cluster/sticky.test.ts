import { once } from 'node:events'
import { readdirSync, statSync } from 'node:fs'
import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http'
import { connect as connectHttp2 } from 'node:http2'
import { request as httpsRequest } from 'node:https'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { clientAuthority, pairFiles } from '../support/certificates.ts'
import { runLockstep, type Started, startLockstep } from '../support/lockstep.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { waitUntil } from '../support/wait-until.ts'

const balances = ['round-robin', 'shared', 'reuse-port'] as const

interface Seen {
  readonly pid: number
  readonly body: string
  readonly httpVersion: string
  readonly trailers: Record<string, string>
  readonly cookie: string | null
  readonly fields: readonly string[]
  readonly facts: { address: string; port: number; scheme: string; host: string; isForwarded: boolean }
  readonly certificate: string | null
  readonly socket: Record<string, unknown>
}

interface Answer {
  readonly status: number
  readonly text: string
  readonly cookies: readonly string[]
  readonly localPort: number
  readonly headers: IncomingMessage['headers']
}

const cluster = ['run', 'clients/sessions.js', '--backend', 'cluster', '--port', '0'] as const

function start(...args: readonly string[]): Promise<Started> {
  return startLockstep([...cluster, ...args])
}

/** With its sockets in a folder below this one. */
function startIn(folder: string): Promise<Started> {
  return startLockstep([...cluster, '--workers', '2', '--sticky', 'cookie'], { env: { TMPDIR: folder } })
}

function socketFolders(folder: string): string[] {
  return readdirSync(folder).filter((name) => name.startsWith('lockstep-'))
}

/** Over a connection of its own. */
async function ask(
  server: Started,
  {
    path = '/',
    body,
    cookie,
    headers = {},
    ...options
  }: RequestOptions & { body?: string; cookie?: string; cert?: string; key?: string } = {},
): Promise<Answer> {
  const send = server.url.startsWith('https') ? httpsRequest : httpRequest
  const asked = send({
    host: '127.0.0.1',
    port: server.port,
    path,
    agent: false,
    rejectUnauthorized: false,
    method: body === undefined ? 'GET' : 'POST',
    ...options,
    headers: { ...(cookie !== undefined && { cookie }), ...headers },
  } as RequestOptions)
  asked.end(body)
  const [response] = (await once(asked, 'response')) as [IncomingMessage]
  const { localPort = 0 } = response.socket
  return {
    status: response.statusCode ?? 0,
    cookies: response.headers['set-cookie'] ?? [],
    text: await text(response),
    localPort,
    headers: response.headers,
  }
}

const seen = (answer: Answer): Seen => JSON.parse(answer.text) as Seen
const workerCookie = ({ cookies }: Answer): string | undefined =>
  cookies.find((cookie) => cookie.startsWith('lockstep_worker_'))
const pairOf = (cookie = ''): string => cookie.split(';', 1)[0] ?? ''

/** A cookie of a worker, and which process it is. */
async function session(server: Started): Promise<{ cookie: string; pid: number }> {
  const answer = await ask(server)
  return { cookie: pairOf(workerCookie(answer)), pid: seen(answer).pid }
}

async function pidsOf(count: number, run: () => Promise<number>): Promise<number[]> {
  const pids = await Promise.all(Array.from({ length: count }, run))
  return [...new Set(pids)]
}

describe.each(balances)('--sticky cookie under %s', (balance) => {
  it('brings all requests with a cookie to the worker that has set it', async () => {
    await using server = await start('--workers', '4', '--balance', balance, '--sticky', 'cookie')
    const { cookie, pid } = await session(server)
    expect(await pidsOf(40, async () => seen(await ask(server, { cookie })).pid)).toEqual([pid])
  })

  it('brings upgrades with a cookie there too, in both directions', async () => {
    await using server = await start('--workers', '4', '--balance', balance, '--sticky', 'cookie')
    const { cookie, pid } = await session(server)
    const echoed = async (): Promise<string> => {
      const asked = httpRequest({
        host: '127.0.0.1',
        port: server.port,
        agent: false,
        headers: { cookie, connection: 'Upgrade', upgrade: 'echo' },
      }).end()
      const [, socket, head] = (await once(asked, 'upgrade')) as [IncomingMessage, Socket, Buffer]
      socket.end('hello')
      return head.toString() + (await text(socket))
    }
    const answers = await Promise.all(Array.from({ length: 12 }, echoed))
    expect([...new Set(answers)]).toEqual([`${pid} hello`])
  })
})

describe('--sticky cookie', () => {
  it('sets a session cookie that scripts cannot read, beside those of the app', async () => {
    await using server = await start('--workers', '2', '--sticky', 'cookie')
    const answer = await ask(server)
    expect(answer.cookies).toEqual([
      'app=1; Path=/',
      expect.stringMatching(/^lockstep_worker_[0-9a-f]{8}=[0-9a-f]{16}; Path=\/; HttpOnly; SameSite=Lax$/),
    ])
    const again = await ask(server, { cookie: pairOf(workerCookie(answer)) })
    expect(again.cookies).toEqual(['app=1; Path=/'])
  })

  it.each(['http/1.1', 'h2'])(
    'sets it beside those that the app writes with the head over %s',
    async (protocol) => {
      await using server = await start(
        '--workers',
        '2',
        '--sticky',
        'cookie',
        '--tls-self-signed',
        '--tls-protocols',
        protocol,
      )
      const cookies = async (path: string): Promise<readonly string[]> => {
        if (protocol === 'http/1.1') return (await ask(server, { path })).cookies
        const h2 = connectHttp2(`https://127.0.0.1:${server.port}`, { rejectUnauthorized: false })
        const stream = h2.request({ ':path': path })
        const [headers] = (await once(stream, 'response')) as [IncomingMessage['headers']]
        h2.destroy()
        return headers['set-cookie'] ?? []
      }
      const own = expect.stringMatching(/^lockstep_worker_/)
      expect(await cookies('/object')).toEqual(['app=2', own])
      expect(await cookies('/list')).toEqual(['app=2', 'app=3', own])
      expect(await cookies('/without')).toEqual(['app=1; Path=/', own])
    },
  )

  it('replaces a cookie of a worker that there is not', async () => {
    await using server = await start('--workers', '2', '--sticky', 'cookie')
    const { cookie } = await session(server)
    const unknown = `${cookie.split('=', 1)[0]}=0123456789abcdef`
    const cookies = workerCookie(await ask(server, { cookie: unknown }))
    expect(cookies).toBeDefined()
    expect(pairOf(cookies)).not.toBe(unknown)
  })

  it('passes requests on as they came, and writes one line of the access log for each', async () => {
    await using server = await start('--workers', '2', '--sticky', 'cookie', '--access-log', '-')
    const { cookie, pid } = await session(server)
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        ask(server, {
          path: `/passed-${index}`,
          cookie,
          body: 'x'.repeat(100_000),
          headers: { 'X-Forwarded-For': '192.0.2.1', X_Under: '1', Proxy: 'a', 'Proxy-Authorization': 'b' },
        }),
      ),
    )
    for (const answer of answers) {
      const { facts, socket, fields, body, ...rest } = seen(answer)
      expect(rest.pid).toBe(pid)
      expect(body.length).toBe(100_000)
      expect(fields).toEqual(
        expect.arrayContaining(['X-Forwarded-For', 'X_Under', 'Proxy', 'Proxy-Authorization', 'cookie']),
      )
      expect(fields).toHaveLength(8)
      expect(facts).toEqual({
        address: '127.0.0.1',
        port: answer.localPort,
        scheme: 'http',
        host: `127.0.0.1:${server.port}`,
        isForwarded: false,
      })
      expect(socket).toMatchObject({
        remoteAddress: '127.0.0.1',
        remotePort: answer.localPort,
        localPort: server.port,
        encrypted: false,
      })
    }
    await waitUntil(() => (server.stdout().match(/\/passed-/g) ?? []).length >= 12, {
      what: 'the access log',
    })
    for (let index = 0; index < 12; index += 1)
      expect(server.stdout().match(new RegExp(`/passed-${index} `, 'g'))).toHaveLength(1)
  })

  it('passes interim answers, trailers and expectations on', async () => {
    await using server = await start('--workers', '2', '--sticky', 'cookie')
    const { cookie, pid } = await session(server)
    for (let count = 0; count < 8; count += 1) {
      const asked = httpRequest({
        host: '127.0.0.1',
        port: server.port,
        path: '/parts',
        agent: false,
        headers: { cookie, te: 'trailers' },
      })
      const hints = once(asked, 'information')
      asked.end()
      const [response] = (await once(asked, 'response')) as [IncomingMessage]
      expect(await hints).toMatchObject([
        { statusCode: 103, headers: { link: '</style.css>; rel=preload; as=style' } },
      ])
      expect(await text(response)).toBe(`one two ${pid}`)
      expect(response.trailers).toEqual({ 'x-sum': '2' })

      const expecting = httpRequest({
        host: '127.0.0.1',
        port: server.port,
        method: 'POST',
        agent: false,
        headers: { cookie, expect: '100-continue', trailer: 'X-End' },
      })
      let continued = 0
      expecting.on('continue', () => {
        continued += 1
        expecting.addTrailers({ 'X-End': 'yes' })
        expecting.end('body')
      })
      expecting.flushHeaders()
      const [answered] = (await once(expecting, 'response')) as [IncomingMessage]
      expect(JSON.parse(await text(answered))).toMatchObject({
        pid,
        body: 'body',
        trailers: { 'x-end': 'yes' },
      })
      expect(continued).toBe(1)
    }
  })

  it('passes on what a trusted proxy says of the client', async () => {
    await using server = await start(
      '--workers',
      '2',
      '--sticky',
      'cookie',
      '--forwarded-allow-ips',
      '127.0.0.1',
    )
    const { cookie, pid } = await session(server)
    const headers = {
      'x-forwarded-for': '192.0.2.7:4711',
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'shop.test',
    }
    for (let count = 0; count < 8; count += 1) {
      const { facts, pid: by } = seen(await ask(server, { cookie, headers }))
      expect([by, facts]).toEqual([
        pid,
        { address: '192.0.2.7', port: 4711, scheme: 'https', host: 'shop.test', isForwarded: true },
      ])
    }
    expect(workerCookie(await ask(server, { headers }))).toMatch(/; Secure$/)
  })

  it('passes on what a load balancer says in a PROXY header', async () => {
    await using server = await start(
      ...['--workers', '2', '--balance', 'round-robin', '--sticky', 'cookie'],
      ...['--proxy-protocol', 'require', '--forwarded-allow-ips', '127.0.0.1'],
    )
    const raw = async (cookie: string): Promise<string> => {
      const socket = connect(server.port, '127.0.0.1')
      socket.write(`PROXY TCP4 203.0.113.9 127.0.0.1 4711 ${server.port}\r\n`)
      socket.write('GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 192.0.2.1\r\nConnection: close\r\n')
      socket.write(`Cookie: ${cookie}\r\n\r\n`)
      return text(socket)
    }
    const first = await raw('a=b')
    const cookie = /lockstep_worker_\w+=\w+/.exec(first)?.[0] ?? ''
    const pid = /"pid":\d+/.exec(first)?.[0]
    for (let count = 0; count < 4; count += 1) {
      const answer = await raw(cookie)
      expect(answer).toContain(pid)
      expect(answer).toContain('"facts":{"address":"203.0.113.9","port":4711,')
      expect(answer).toContain('"remoteAddress":"203.0.113.9","remotePort":4711,')
    }
  })

  it('works on a UNIX domain socket', async () => {
    const path = join(temporaryFolder(), 'app.sock')
    await using _ = await startLockstep([
      ...['run', 'clients/sessions.js', '--backend', 'cluster', '--bind', `unix:${path}`],
      ...['--workers', '2', '--balance', 'round-robin', '--sticky', 'cookie'],
    ])
    const raw = async (cookie: string): Promise<string> => {
      const socket = connect(path)
      socket.write(`GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nCookie: ${cookie}\r\n\r\n`)
      return text(socket)
    }
    const first = await raw('a=b')
    const cookie = /lockstep_worker_\w+=\w+/.exec(first)?.[0] ?? ''
    const pid = /"pid":\d+/.exec(first)?.[0]
    for (let count = 0; count < 4; count += 1) {
      const answer = await raw(cookie)
      expect(answer).toContain(pid)
      expect(answer).toContain('"facts":{"address":null,"port":null,"scheme":"http"')
    }
  })

  it('works over TLS and HTTP/2, with the certificate of the client', async () => {
    const { cert, key } = await pairFiles()
    const { caFile, client } = await clientAuthority()
    await using server = await start(
      ...['--workers', '2', '--sticky', 'cookie', '--cert', cert, '--key', key],
      ...['--tls-ca', caFile, '--tls-client-auth', 'request', '--tls-protocols', 'h2,http/1.1'],
    )
    const options = { cert: client.cert, key: client.key }
    const first = await ask(server, options)
    expect(workerCookie(first)).toMatch(/; Secure$/)
    const cookie = pairOf(workerCookie(first))
    const { pid, certificate, socket } = seen(first)
    expect(certificate).not.toBeNull()
    for (let count = 0; count < 8; count += 1) {
      const { socket: again, ...rest } = seen(await ask(server, { ...options, cookie }))
      expect(rest).toMatchObject({ pid, certificate, facts: { scheme: 'https' } })
      expect(again).toEqual({ ...socket, remotePort: again['remotePort'] })
    }
    for (let count = 0; count < 8; count += 1) {
      const h2 = connectHttp2(`https://127.0.0.1:${server.port}`, { ...options, rejectUnauthorized: false })
      const bodies = await Promise.all(
        Array.from({ length: 3 }, async (_, index) => {
          const stream = h2.request({ ':path': '/', ':method': 'POST', cookie, 'x-index': String(index) })
          stream.end(`body ${index}`)
          return JSON.parse(await text(stream)) as Seen
        }),
      )
      h2.close()
      for (const [index, answer] of bodies.entries())
        expect(answer).toMatchObject({ pid, certificate, body: `body ${index}`, facts: { scheme: 'https' } })
    }
  })

  it('sends the clients of a killed worker to others, with another cookie', async () => {
    await using server = await start('--workers', '3', '--sticky', 'cookie')
    const { cookie, pid } = await session(server)
    process.kill(pid, 'SIGKILL')
    const answers = await Promise.all(
      Array.from({ length: 30 }, () => ask(server, { cookie }).catch(() => null)),
    )
    const served = answers.filter((answer) => answer !== null && answer.status === 200) as Answer[]
    expect(served.length).toBeGreaterThan(0)
    for (const answer of served) expect(pairOf(workerCookie(answer))).not.toBe(cookie)
    const next = served[0] as Answer
    const successor = pairOf(workerCookie(next))
    expect(await pidsOf(20, async () => seen(await ask(server, { cookie: successor })).pid)).toEqual([
      seen(next).pid,
    ])
  })

  it('loses no request that is passed on while the workers are replaced', async () => {
    await using server = await start('--workers', '2', '--sticky', 'cookie', '--log-level', 'debug')
    let going = true
    const statuses = new Map<string, number>()
    const client = async (): Promise<void> => {
      let cookie = ''
      while (going) {
        const answer = await ask(server, { cookie, body: 'some' }).catch((error: Error) => String(error))
        const outcome = typeof answer === 'string' ? answer : String(answer.status)
        statuses.set(outcome, (statuses.get(outcome) ?? 0) + 1)
        if (typeof answer !== 'string') cookie = pairOf(workerCookie(answer)) || cookie
      }
    }
    const clients = Promise.all(Array.from({ length: 6 }, client))
    const ended = (): number => (server.stderr().match(/worker \d ended/g) ?? []).length
    await waitUntil(() => (statuses.get('200') ?? 0) > 50, { what: 'the clients to be busy' })
    server.signal('SIGHUP')
    await waitUntil(() => ended() >= 2, { what: 'both workers to be replaced' })
    const before = statuses.get('200') ?? 0
    await waitUntil(() => (statuses.get('200') ?? 0) > before + 50, { what: 'the clients to be busy again' })
    going = false
    await clients
    expect([...statuses.keys()]).toEqual(['200'])
  })

  it('answers 502 when a worker dies before it has answered what was passed on, and says so in the log', async () => {
    await using server = await start('--workers', '2', '--sticky', 'cookie', '--balance', 'round-robin')
    const { cookie, pid } = await session(server)
    const outcomes = Promise.all(
      Array.from({ length: 8 }, () =>
        ask(server, { path: '/silent', cookie }).catch((error: Error) => error),
      ),
    )
    await waitUntil(() => (server.stdout().match(/silent/g) ?? []).length >= 8, { what: 'the requests' })
    process.kill(pid, 'SIGKILL')
    const statuses = (await outcomes).map((one) => ('status' in one ? one.status : 'reset'))
    // Half of them had come to the worker itself.
    expect(new Set(statuses)).toEqual(new Set([502, 'reset']))
    expect(server.stderr()).toContain('another one has passed on')
  })

  it('closes WebSockets that were passed on with 1001 when their worker is replaced', async () => {
    await using server = await startLockstep([
      ...['run', 'clients/web-sockets.js', '--backend', 'cluster', '--port', '0', '--workers', '2'],
      ...['--sticky', 'cookie', '--balance', 'round-robin'],
    ])
    const { cookie, pid } = await session(server)
    const sockets = Array.from(
      { length: 6 },
      () => new WebSocket(server.url.replace('http', 'ws'), { headers: { cookie } }),
    )
    const codes = Promise.all(sockets.map(async (socket) => (await once(socket, 'close'))[0]))
    const first = await Promise.all(sockets.map(async (socket) => String((await once(socket, 'message'))[0])))
    expect(new Set(first)).toEqual(new Set([String(pid)]))
    process.kill(pid, 'SIGTERM')
    expect(new Set(await codes)).toEqual(new Set([1001]))
  })

  it('answers what was passed on before a stop', async () => {
    await using server = await start('--workers', '3', '--sticky', 'cookie')
    const { cookie, pid } = await session(server)
    const answers = Array.from({ length: 8 }, async () => {
      const asked = httpRequest({
        host: '127.0.0.1',
        port: server.port,
        path: '/held',
        agent: false,
        headers: { cookie },
      }).end()
      const [response] = (await once(asked, 'response')) as [IncomingMessage]
      return response
    })
    const responses = await Promise.all(answers)
    server.signal('SIGTERM')
    await waitUntil(() => server.stderr().includes('stopping'), { what: 'the stop' })
    process.kill(pid, 'SIGUSR2')
    for (const response of responses) expect(await text(response)).toMatch(new RegExp(`^${pid} \\{.*\\}$`))
    expect((await server.finished()).code).toBe(0)
  })

  it('has sockets that turn strangers away, in a folder that is gone afterwards', async () => {
    const folder = temporaryFolder()
    const server = await startIn(folder)
    const inner = socketFolders(folder)
    expect(inner).toHaveLength(1)
    const place = join(folder, inner[0] ?? '')
    expect(statSync(place).mode & 0o777).toBe(0o700)
    const sockets = readdirSync(place)
    expect(sockets).toHaveLength(2)
    for (const name of sockets) {
      const socket = connect(join(place, name))
      socket.write(`GET / HTTP/1.1\r\nHost: a\r\n\r\n${'x'.repeat(100)}`)
      expect(await text(socket).catch(() => '')).toBe('')
    }
    expect(server.stderr()).toContain('is not a worker of this server')
    server.signal('SIGTERM')
    await server.finished()
    await server[Symbol.asyncDispose]()
    expect(socketFolders(folder)).toEqual([])
  })
})

describe('--sticky', () => {
  it('says where its sockets need a folder', async () => {
    const folder = join(temporaryFolder(), 'missing')
    const { code, stderr } = await runLockstep([...cluster, '--sticky', 'cookie'], {
      env: { TMPDIR: folder },
    })
    expect([code, stderr]).toEqual([
      expect.any(Number),
      expect.stringContaining('[LOCKSTEP_ERR_SOCKET_PATH]'),
    ])
    expect(stderr).toContain(folder)
    expect(stderr).toContain('TMPDIR')
  })

  it('leaves no socket behind when the primary is killed', async () => {
    const folder = temporaryFolder()
    const server = await startIn(folder)
    server.signal('SIGKILL')
    await waitUntil(() => socketFolders(folder).length === 0, {
      what: 'the folder to be removed',
    })
    await server[Symbol.asyncDispose]()
  })

  it.each(['cookie', 'address'])('%s is honoured by one process', async (sticky) => {
    await using server = await startLockstep([
      'run',
      'clients/sessions.js',
      '--port',
      '0',
      '--sticky',
      sticky,
    ])
    expect((await ask(server)).status).toBe(200)
  })

  it('answers 100-continue once, also for an app that is a function', async () => {
    await using server = await startLockstep([
      ...[
        'run',
        'apps/facts.js',
        '--backend',
        'cluster',
        '--port',
        '0',
        '--workers',
        '2',
        '--balance',
        'round-robin',
      ],
      ...['--sticky', 'cookie'],
    ])
    const cookie = pairOf(workerCookie(await ask(server)))
    const pids = new Set<number>()
    for (let count = 0; count < 4; count += 1) {
      const asked = httpRequest({
        ...{ host: '127.0.0.1', port: server.port, method: 'POST', agent: false },
        headers: { cookie, expect: '100-continue' },
      })
      let continued = 0
      asked.on('continue', () => {
        continued += 1
        asked.end('body')
      })
      asked.flushHeaders()
      const [response] = (await once(asked, 'response')) as [IncomingMessage]
      pids.add((JSON.parse(await text(response)) as { pid: number }).pid)
      expect(continued).toBe(1)
    }
    expect(pids.size).toBe(1)
  })
})

describe('--sticky address', () => {
  it.each(balances)('brings all requests of an address to one worker under %s', async (balance) => {
    await using server = await start('--workers', '4', '--balance', balance, '--sticky', 'address')
    const pids = await pidsOf(40, async () => seen(await ask(server)).pid)
    expect(pids).toHaveLength(1)
    expect((await ask(server)).cookies).toEqual(['app=1; Path=/'])
  })

  it('spreads the addresses that a trusted proxy names', async () => {
    await using server = await start(
      '--workers',
      '4',
      '--sticky',
      'address',
      '--forwarded-allow-ips',
      '127.0.0.1',
    )
    const pidOf = async (index: number): Promise<number> =>
      seen(await ask(server, { headers: { 'x-forwarded-for': `192.0.2.${index}` } })).pid
    const indexes = Array.from({ length: 40 }, (_, index) => index)
    const first = await Promise.all(indexes.map(pidOf))
    expect(await Promise.all(indexes.map(pidOf))).toEqual(first)
    expect(new Set(first).size).toBe(4)
  })
})
