import { once } from 'node:events'
import { readdirSync, statSync } from 'node:fs'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { connect as connectHttp2 } from 'node:http2'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { clientAuthority, pairFiles } from '../support/certificates.ts'
import { runLockstep, startLockstep } from '../support/lockstep.ts'
import {
  type Answer,
  answersToOneCookie,
  ask,
  balances,
  cluster,
  pairOf,
  pidsOf,
  type Seen,
  seen,
  session,
  socketFolders,
  start,
  startIn,
  workerCookie,
} from '../support/sticky-sessions.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { waitUntil } from '../support/wait-until.ts'

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
    const { pid, answers } = await answersToOneCookie(raw)
    expect(answers).toHaveLength(4)
    for (const answer of answers) {
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
