// What clients, the log and the access log see when an upstream is down, slow, or dies.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { waitUntil } from '../../../../test/support/wait-until.ts'
import { askRaw, http2Session, rawClient } from './clients.ts'
import { type ServedFront, serveFront } from './serve-front.ts'
import { httpUpstream, rawUpstream } from './upstreams.ts'

const hello = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello'
const get = 'GET /page HTTP/1.1\r\nHost: a\r\n\r\n'
const getAndClose = get.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n')
const tls = { tls: { selfSigned: true, protocols: ['h2', 'http/1.1'] } } as const

/** A port on which nothing listens. */
async function closedPort(): Promise<{ host: string; port: number }> {
  const upstream = await rawUpstream(() => undefined)
  await upstream[Symbol.asyncDispose]()
  return { host: '127.0.0.1', port: upstream.port }
}

async function oneLine(
  front: ServedFront,
): Promise<ReturnType<ServedFront['accessLog']>[number] | undefined> {
  await waitUntil(() => front.accessLog().length > 0, { what: 'a line of the access log' })
  return front.accessLog()[0]
}

describe('an upstream that does not answer', () => {
  it('because there is none, is answered with 503 and Retry-After', async () => {
    await using front = await serveFront({})
    const answer = await askRaw(front.port, getAndClose)
    expect(answer).toMatch(/^HTTP\/1\.1 503 Service Unavailable\r\n/)
    expect(answer).toContain('Retry-After: 1\r\n')
    expect(answer).toMatch(/\nThe program behind this server is not ready\. Try again in a moment\.\n/)
  })

  it('because it does not listen, is answered with 502 in words that name no address', async () => {
    const target = await closedPort()
    await using front = await serveFront({ upstreams: [target] })
    const answer = await askRaw(front.port, getAndClose)
    expect(answer).toMatch(/^HTTP\/1\.1 502 Bad Gateway\r\n/)
    expect(answer).toMatch(/does not accept connections\.\n/)
    expect(answer).not.toContain(String(target.port))
    expect(front.logged).toContainEqual(
      expect.objectContaining({
        level: 'error',
        fault: 'refused',
        reason: expect.stringContaining('ECONNREFUSED'),
      }),
    )
    expect((await oneLine(front))?.status).toBe(502)
  })

  it('is replaced by another one, also for a request with a body', async () => {
    await using upstream = await httpUpstream(async (request, response) => {
      response.end(await text(request))
    })
    await using front = await serveFront({ upstreams: [await closedPort(), upstream, await closedPort()] })
    for (let count = 0; count < 3; count += 1)
      expect(
        await askRaw(
          front.port,
          'POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\nConnection: close\r\n\r\nworld',
        ),
      ).toMatch(/world$/)
  })

  it.each([
    ['GET', 200],
    ['POST', 502],
  ])(
    'because it dies with its first connection, is replaced by another one only if that is safe: %s',
    async (method, status) => {
      await using dying = await rawUpstream((socket) => socket.destroy())
      await using upstream = await rawUpstream((socket) => socket.write(hello))
      await using front = await serveFront({ upstreams: [dying, upstream] })
      expect(await askRaw(front.port, getAndClose.replace('GET', method))).toMatch(
        new RegExp(`^HTTP/1\\.1 ${status} `),
      )
      expect(dying.requests).toHaveLength(1)
      expect(upstream.requests).toHaveLength(status === 200 ? 1 : 0)
    },
  )

  it('and draws no further requests while another one answers', async () => {
    await using broken = await rawUpstream((socket) => socket.destroy())
    await using upstream = await rawUpstream((socket) => socket.write(hello))
    await using front = await serveFront({ upstreams: [broken, upstream] })
    const answers: string[] = []
    for (let count = 0; count < 8; count += 1) answers.push(await askRaw(front.port, getAndClose))
    expect(answers.filter((answer) => answer.startsWith('HTTP/1.1 502 ')).length).toBeLessThanOrEqual(1)
    expect(broken.requests.length).toBeLessThanOrEqual(1)
  })

  it('in time is answered with 504', async () => {
    await using upstream = await rawUpstream(() => undefined)
    await using front = await serveFront({ upstreams: [upstream], limits: { responseMs: 200 } })
    const answer = await askRaw(front.port, getAndClose)
    expect(answer).toMatch(/^HTTP\/1\.1 504 Gateway Timeout\r\n/)
    expect(answer).toMatch(/did not answer in time\.\n/)
    await upstream.closed(0)
  })

  // A process that is stopped accepts nothing, and its queue is full soon.
  it.skipIf(process.platform !== 'linux')(
    'because it accepts nothing is answered with 504, or by another one',
    async () => {
      const program = spawn(process.execPath, [
        '-e',
        "const s = require('net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => console.log(s.address().port))",
      ])
      const port = Number(await once(program.stdout, 'data').then(String))
      program.kill('SIGSTOP')
      const queued = Array.from({ length: 8 }, () => rawClient(port))
      try {
        await using front = await serveFront({ limits: { connectMs: 300 } })
        const stopped = front.pool.add({ host: '127.0.0.1', port })
        // Those that are in the queue are connected as far as the front can see.
        await waitUntil(async () => (await askRaw(front.port, getAndClose)).startsWith('HTTP/1.1 504 '), {
          what: 'the status 504',
        })
        expect(front.logged).toContainEqual(expect.objectContaining({ fault: 'connect-late' }))
        await using upstream = await rawUpstream((socket) => socket.write(hello))
        front.pool.add(upstream)
        for (let count = 0; count < 2; count += 1)
          expect(await askRaw(front.port, getAndClose)).toMatch(/hello$/)
        await front.pool.retire(stopped)
      } finally {
        for (const client of queued) client.socket.destroy()
        program.kill('SIGKILL')
      }
    },
  )

  it('in time after it has asked for the body is answered with 504', async () => {
    await using upstream = await rawUpstream((socket) => socket.write('HTTP/1.1 100 Continue\r\n\r\n'))
    await using front = await serveFront({ upstreams: [upstream], limits: { responseMs: 200 } })
    using client = rawClient(
      front.port,
      'POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n',
    )
    await client.until('100 Continue')
    client.send('body')
    await client.until(/HTTP\/1\.1 504 /)
  })

  it('because it takes nothing of a body is answered with 504', async () => {
    await using upstream = await rawUpstream((socket) => socket.pause())
    await using front = await serveFront({ upstreams: [upstream], limits: { responseMs: 300 } })
    using client = rawClient(front.port, 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000\r\n\r\n')
    const part = Buffer.alloc(1_000_000)
    const send = (): void => {
      while (!client.socket.destroyed && client.socket.write(part));
    }
    client.socket.on('drain', send)
    send()
    await client.until(/^HTTP\/1\.1 504 /)
  })

  it('because it closes the connection is answered with 502', async () => {
    await using upstream = await rawUpstream((socket) => socket.end())
    await using front = await serveFront({ upstreams: [upstream] })
    expect(await askRaw(front.port, getAndClose)).toMatch(
      /^HTTP\/1\.1 502 [\s\S]*closed the connection without an answer/,
    )
    // The connection was new: nothing says that a second attempt would end better.
    expect(upstream.requests).toHaveLength(1)
  })
})

describe('a kept connection that is closed by the upstream', () => {
  const closesSecond = () =>
    rawUpstream((socket, { index }) => {
      if (index === 0) socket.write(hello)
      else socket.destroy()
    })

  it('makes an idempotent request without a body go again over a new one', async () => {
    await using upstream = await closesSecond()
    await using front = await serveFront({ upstreams: [upstream] })
    for (let count = 0; count < 3; count += 1) expect(await askRaw(front.port, getAndClose)).toMatch(/hello$/)
    expect(upstream.connections()).toBeGreaterThan(1)
    expect(front.logged).toEqual([])
  })

  it.each([
    'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n',
    'PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n',
  ])('does not send %j again, since it may have been done', async (head) => {
    await using upstream = await closesSecond()
    await using front = await serveFront({ upstreams: [upstream] })
    await askRaw(front.port, getAndClose)
    const body = head.startsWith('PUT') ? 'x' : ''
    expect(await askRaw(front.port, `${head}Connection: close\r\n\r\n${body}`)).toMatch(/^HTTP\/1\.1 502 /)
    expect(upstream.requests).toHaveLength(2)
  })

  it('makes a request go again once only', async () => {
    await using upstream = await rawUpstream((socket, { index, connection }) => {
      if (index === 0 && connection === 0) socket.write(hello)
      else socket.destroy()
    })
    await using front = await serveFront({ upstreams: [upstream] })
    await askRaw(front.port, getAndClose)
    expect(await askRaw(front.port, getAndClose)).toMatch(/^HTTP\/1\.1 502 /)
    expect(upstream.requests).toHaveLength(3)
  })

  it('in the middle of an answer does not make the request go again', async () => {
    await using upstream = await rawUpstream((socket, { index }) => {
      if (index === 0) socket.write(hello)
      else socket.write('HTTP/1.1 2', () => socket.destroy())
    })
    await using front = await serveFront({ upstreams: [upstream] })
    await askRaw(front.port, getAndClose)
    expect(await askRaw(front.port, getAndClose)).toMatch(/^HTTP\/1\.1 502 /)
    expect(upstream.requests).toHaveLength(2)
  })
})

describe('an answer that is cut by the upstream', () => {
  const half = 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf'

  it.each([
    ['with a length', half],
    ['in chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n'],
  ])('%s is cut towards a client of HTTP/1.1', async (_, sent) => {
    await using upstream = await rawUpstream((socket) => socket.write(sent))
    await using front = await serveFront({ upstreams: [upstream] })
    using client = rawClient(front.port, get)
    await client.until('half')
    upstream.sockets[0]?.end()
    expect(await client.closed()).not.toMatch(/0\r\n\r\n$/)
    expect(await oneLine(front)).toMatchObject({ status: 200, complete: false })
    expect(front.logged).toContainEqual(expect.objectContaining({ fault: 'cut' }))
  })

  it('resets the stream of a client of HTTP/2', async () => {
    await using upstream = await rawUpstream((socket) => socket.write(half))
    await using front = await serveFront({ upstreams: [upstream], options: tls })
    await using session = await http2Session(front.url)
    const stream = session.request({ ':path': '/' })
    await once(stream, 'data')
    upstream.sockets[0]?.end()
    await once(stream, 'error')
    expect(stream.rstCode).not.toBe(0)
  })

  it('by silence is cut too', async () => {
    await using upstream = await rawUpstream((socket) => socket.write(half))
    await using front = await serveFront({ upstreams: [upstream], limits: { silenceMs: 200 } })
    using client = rawClient(front.port, get)
    await client.closed()
    const reason = 'the program took longer than 0.2 s between two parts of its answer'
    expect(front.logged).toContainEqual(expect.objectContaining({ fault: 'silent', reason }))
  })

  it('is not cut by silence if it is an event stream', async () => {
    await using upstream = await rawUpstream((socket) =>
      socket.write('HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n\r\n'),
    )
    await using front = await serveFront({ upstreams: [upstream], limits: { silenceMs: 50 } })
    using client = rawClient(front.port, get)
    await client.until('event-stream')
    await new Promise((resolve) => setTimeout(resolve, 400))
    upstream.sockets[0]?.write('data: late\n\n')
    await client.until('data: late')
  })
})

describe('a client that leaves', () => {
  it('before the answer takes the request to the upstream with it, and is logged as 499', async () => {
    await using upstream = await rawUpstream(() => undefined)
    await using front = await serveFront({ upstreams: [upstream] })
    using client = rawClient(front.port, get)
    await waitUntil(() => upstream.requests.length === 1, { what: 'the request' })
    client.socket.destroy()
    await upstream.closed(0)
    expect(await oneLine(front)).toMatchObject({ status: 499, complete: false })
    expect(front.logged).toEqual([])
  })

  it.each(['with a reset', 'in order'])(
    'within a body, %s, takes the request to the upstream with it, and is logged as 499',
    async (how) => {
      await using upstream = await rawUpstream(() => undefined)
      await using front = await serveFront({ upstreams: [upstream] })
      using client = rawClient(front.port, 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nsome')
      await waitUntil(() => upstream.requests.length === 1, { what: 'the request' })
      if (how === 'in order') client.socket.destroy()
      else client.socket.resetAndDestroy()
      await upstream.closed(0)
      expect(await oneLine(front)).toMatchObject({ status: 499, complete: false })
    },
  )

  it('within the answer takes the request to the upstream with it', async () => {
    await using upstream = await rawUpstream((socket) =>
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf'),
    )
    await using front = await serveFront({ upstreams: [upstream] })
    using client = rawClient(front.port, get)
    await client.until('half')
    client.socket.destroy()
    await upstream.closed(0)
    expect(await oneLine(front)).toMatchObject({ status: 200, complete: false })
  })

  it('by resetting a stream of HTTP/2 takes the request to the upstream with it', async () => {
    await using upstream = await rawUpstream(() => undefined)
    await using front = await serveFront({ upstreams: [upstream], options: tls })
    await using session = await http2Session(front.url)
    const stream = session.request({ ':path': '/' })
    stream.on('error', () => undefined)
    await waitUntil(() => upstream.requests.length === 1, { what: 'the request' })
    stream.close(8)
    await upstream.closed(0)
    expect((await oneLine(front))?.status).toBe(499)
  })
})

describe('an upstream that answers before it has read the body', () => {
  it('has its answer passed on, and the connection to it is not used again', async () => {
    await using upstream = await rawUpstream((socket) =>
      socket.write('HTTP/1.1 413 Content Too Large\r\nContent-Length: 4\r\n\r\nmuch'),
    )
    await using front = await serveFront({ upstreams: [upstream], limits: { idleMs: 60_000 } })
    using client = rawClient(front.port, 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n12345')
    await client.until(/^HTTP\/1\.1 413 [\s\S]*much$/)
    await upstream.closed(0)
    // The rest of the body belongs to the first request, and the connection of the client goes on.
    client.send(`67890${get}`)
    await client.until(/413[\s\S]*413/)
    expect(upstream.requests).toHaveLength(2)
    expect(upstream.connections()).toBe(2)
  })

  it.each(['closes', 'resets'] as const)('and %s the connection has its answer passed on', async (how) => {
    await using upstream = await rawUpstream((socket) => {
      const answer = 'HTTP/1.1 413 Content Too Large\r\nConnection: close\r\nContent-Length: 4\r\n\r\nmuch'
      if (how === 'closes') socket.end(answer)
      else socket.write(answer, () => socket.resetAndDestroy())
    })
    await using front = await serveFront({ upstreams: [upstream] })
    for (let count = 0; count < 50; count += 1) {
      using client = rawClient(front.port, 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 50000000\r\n\r\n')
      const part = Buffer.alloc(500_000)
      const send = (): void => {
        while (!client.socket.destroyed && client.socket.writableLength < 1_000_000) client.socket.write(part)
      }
      client.socket.on('drain', send)
      send()
      await client.until(/^HTTP\/1\.1 413 [\s\S]*much$/)
    }
  })
})

describe('Expect: 100-continue', () => {
  const expecting = 'POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n'

  it('is answered by the upstream, once', async () => {
    await using upstream = await rawUpstream((socket) => {
      socket.once('data', () => socket.write(hello))
    })
    await using front = await serveFront({ upstreams: [upstream] })
    using client = rawClient(front.port, expecting)
    await waitUntil(() => upstream.requests.length === 1, { what: 'the request' })
    expect(upstream.requests[0]?.field('expect')).toEqual(['100-continue'])
    expect(client.text()).toBe('')
    upstream.sockets[0]?.write('HTTP/1.1 100 Continue\r\n\r\n')
    await client.until('100 Continue')
    client.send('body')
    expect((await client.until('hello')).match(/HTTP\/1\.1 /g)).toHaveLength(2)
  })

  it('may be answered by a refusal, without the body', async () => {
    await using upstream = await rawUpstream((socket) =>
      socket.write('HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno'),
    )
    await using front = await serveFront({ upstreams: [upstream] })
    using client = rawClient(front.port, expecting)
    expect(await client.closed()).toMatch(/^HTTP\/1\.1 403 [\s\S]*Connection: close[\s\S]*no$/)
  })

  it('over HTTP/2 is answered by the upstream', async () => {
    await using upstream = await rawUpstream((socket) => {
      socket.write('HTTP/1.1 100 Continue\r\n\r\n')
      socket.once('data', () => socket.write(hello))
    })
    await using front = await serveFront({ upstreams: [upstream], options: tls })
    await using session = await http2Session(front.url)
    const stream = session.request({ ':method': 'POST', ':path': '/', expect: '100-continue' })
    await once(stream, 'continue')
    stream.end('body')
    const [head] = await once(stream, 'response')
    expect(head[':status']).toBe(200)
  })
})

describe('an interim response', () => {
  it.each([
    ['103', 'HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\nLink: </b.js>; rel=preload\r\n\r\n'],
    ['102', 'HTTP/1.1 102 Processing\r\n\r\n'],
  ])('with status %s is passed on before the answer', async (status, sent) => {
    await using upstream = await rawUpstream((socket) => socket.write(sent))
    await using front = await serveFront({ upstreams: [upstream] })
    using client = rawClient(front.port, get)
    const interim = await client.until(/\r\n\r\n/)
    expect(interim).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
    if (status === '103') expect(interim).toMatch(/a\.css[\s\S]*b\.js/)
    upstream.sockets[0]?.write(hello)
    await client.until('hello')
  })

  it('is passed on over HTTP/2', async () => {
    await using upstream = await rawUpstream((socket) =>
      socket.write(`HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n${hello}`),
    )
    await using front = await serveFront({ upstreams: [upstream], options: tls })
    await using session = await http2Session(front.url)
    const stream = session.request({ ':path': '/' })
    const [interim] = await once(stream, 'headers')
    expect(interim).toMatchObject({ ':status': 103, link: '</a.css>; rel=preload' })
    await once(stream, 'response')
  })

  it('is not for a client of HTTP/1.0', async () => {
    await using upstream = await rawUpstream((socket) =>
      socket.write(`HTTP/1.1 103 Early Hints\r\n\r\n${hello}`),
    )
    await using front = await serveFront({ upstreams: [upstream] })
    expect(await askRaw(front.port, 'GET / HTTP/1.0\r\nHost: a\r\n\r\n')).toMatch(/^HTTP\/1\.1 200 /)
  })

  it('is answered with 502 if it comes without an end', async () => {
    await using upstream = await rawUpstream((socket) =>
      socket.write('HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(100)),
    )
    await using front = await serveFront({ upstreams: [upstream] })
    expect(await askRaw(front.port, getAndClose)).toMatch(/HTTP\/1\.1 502 /)
  })
})
