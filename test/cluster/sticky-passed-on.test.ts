// Requests that reach one worker and belong to another one.
import { once } from 'node:events'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { startLockstep } from '../support/lockstep.ts'
import {
  answersToOneCookie,
  ask,
  pairOf,
  seen,
  session,
  start,
  workerCookie,
} from '../support/sticky-sessions.ts'
import { waitUntil } from '../support/wait-until.ts'

describe('--sticky cookie', () => {
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
    const { pid, answers } = await answersToOneCookie(raw)
    expect(answers).toHaveLength(4)
    for (const answer of answers) {
      expect(answer).toContain(pid)
      expect(answer).toContain('"facts":{"address":"203.0.113.9","port":4711,')
      expect(answer).toContain('"remoteAddress":"203.0.113.9","remotePort":4711,')
    }
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
})
