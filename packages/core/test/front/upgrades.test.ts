// WebSockets and other protocols that a client switches to, over HTTP/1.1 and HTTP/2.
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'
import { createFront, UpstreamPool } from '@lockstep/core/internal'
import { describe, expect, it } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { waitUntil } from '../../../../test/support/wait-until.ts'
import { askRaw, http2Session, rawClient } from './clients.ts'
import { serveFront } from './serve-front.ts'
import { httpUpstream, type RunningUpstream, rawUpstream } from './upstreams.ts'

const tls = { tls: { selfSigned: true, protocols: ['h2', 'http/1.1'] } } as const

const upgrade = (protocol: string, more = ''): string =>
  `GET /chat HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: ${protocol}\r\n${more}\r\n`

/** Sends each message back. */
async function echo(): Promise<RunningUpstream> {
  const sockets = new WebSocketServer({ noServer: true, handleProtocols: () => 'chat' })
  return httpUpstream(
    (_, response) => response.writeHead(404).end('no WebSocket here'),
    (server) =>
      server.on('upgrade', (request, socket, head) =>
        sockets.handleUpgrade(request, socket, head, (webSocket) => {
          webSocket.on('message', (message, isBinary) => webSocket.send(message, { binary: isBinary }))
        }),
      ),
  )
}

describe('a WebSocket over HTTP/1.1', () => {
  it('passes messages both ways, and the close of the client', async () => {
    await using upstream = await echo()
    await using front = await serveFront({ upstreams: [upstream] })
    const socket = new WebSocket(`ws://127.0.0.1:${front.port}/chat`, ['chat'])
    await once(socket, 'open')
    expect(socket.protocol).toBe('chat')
    for (const message of ['one', 'x'.repeat(200_000)]) {
      socket.send(message)
      const [answer] = await once(socket, 'message')
      expect(String(answer)).toBe(message)
    }
    socket.close(1000, 'done')
    const [code] = await once(socket, 'close')
    expect(code).toBe(1000)
    await waitUntil(() => front.accessLog().length === 1, { what: 'the line of the access log' })
    expect(front.accessLog()[0]?.status).toBe(101)
  })

  it('that the upstream refuses gets its answer', async () => {
    await using upstream = await rawUpstream((socket) =>
      socket.write('HTTP/1.1 403 Forbidden\r\nX-Why: no\r\nContent-Length: 2\r\n\r\nno'),
    )
    await using front = await serveFront({ upstreams: [upstream] })
    const answer = await askRaw(front.port, upgrade('websocket'))
    expect(answer).toMatch(
      /^HTTP\/1\.1 403 Forbidden\r\nX-Why: no\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno$/,
    )
  })

  it('is closed towards the upstream when the client goes away, and the other way round', async () => {
    await using upstream = await rawUpstream((socket) =>
      socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'),
    )
    await using front = await serveFront({ upstreams: [upstream] })
    using one = rawClient(front.port, upgrade('websocket'))
    await one.until('101')
    one.socket.destroy()
    await upstream.closed(0)
    using other = rawClient(front.port, upgrade('websocket'))
    await other.until('101')
    upstream.sockets[1]?.destroy()
    await other.closed()
  })
})

describe('an upgrade to another protocol', () => {
  it('passes bytes both ways, with those that came with the heads', async () => {
    await using upstream = await rawUpstream((socket) => {
      socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\nfirst ')
      socket.on('data', (bytes) => socket.write(bytes))
    })
    await using front = await serveFront({ upstreams: [upstream] })
    using client = rawClient(front.port, `${upgrade('echo')}early `)
    await client.until(/Upgrade: echo\r\n\r\nfirst early $/)
    client.send('late')
    await client.until('first early late')
    expect(upstream.requests[0]?.field('upgrade')).toEqual(['echo'])
    expect(upstream.requests[0]?.field('connection')).toEqual(['Upgrade'])
  })

  it('that the request did not offer is answered with 502', async () => {
    await using upstream = await rawUpstream((socket) =>
      socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: other\r\n\r\n'),
    )
    await using front = await serveFront({ upstreams: [upstream] })
    expect(await askRaw(front.port, upgrade('echo'))).toMatch(/^HTTP\/1\.1 502 /)
  })

  it('that a client may not ask a program for is answered with 502, although it was offered', async () => {
    await using upstream = await rawUpstream((socket) =>
      socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n'),
    )
    await using front = await serveFront({ upstreams: [upstream] })
    expect(await askRaw(front.port, upgrade('h2c, echo'))).toMatch(/^HTTP\/1\.1 502 /)
    expect(upstream.requests[0]?.field('upgrade')).toEqual(['echo'])
  })

  it('that is answered like any other request may have a long answer, and an event stream that is silent', async () => {
    const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
    const answer = async (socket: Socket, isEvents: boolean): Promise<void> => {
      socket.write(`HTTP/1.1 200 OK\r\n${isEvents ? 'Content-Type: text/event-stream\r\n' : ''}\r\n`)
      for (let count = 0; count < 8; count += 1) {
        await pause(isEvents ? 0 : 150)
        socket.write('part ')
      }
      if (isEvents) await pause(1_000)
      socket.end('end')
    }
    await using upstream = await rawUpstream(
      (socket, { head }) => void answer(socket, head.includes('Upgrade: events')),
    )
    await using front = await serveFront({ upstreams: [upstream], limits: { silenceMs: 600 } })
    const answers = await Promise.all(
      ['other', 'events'].map((protocol) => askRaw(front.port, upgrade(protocol))),
    )
    for (const got of answers) expect(got.endsWith(`\r\n\r\n${'part '.repeat(8)}end`)).toBe(true)
    expect(front.logged).toEqual([])
  })

  it('that is refused gets the whole answer on a slow connection', async () => {
    await using upstream = await rawUpstream((socket) =>
      socket.write('HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno'),
    )
    const pool = new UpstreamPool()
    pool.add(upstream)
    const app = createFront({ pool, log: { error() {}, warn() {}, info() {}, debug() {} } })
    await using server = await httpUpstream(
      () => undefined,
      (http) =>
        http.on('upgrade', (request, socket, head) => {
          const slow = new Duplex({
            read: () => undefined,
            write: (bytes, _, done) => {
              setTimeout(() => socket.write(bytes, done), 700)
            },
            final: (done) => void socket.end(done),
            destroy: (error, done) => {
              socket.destroy()
              done(error)
            },
          })
          app.upgrade?.(request, slow, head)
        }),
    )
    expect(await askRaw(server.port, upgrade('websocket'))).toMatch(/\r\n\r\nno$/)
    pool.close()
  })

  it('of a request with a body is ignored, since the body could be taken for the other protocol', async () => {
    await using upstream = await rawUpstream((socket) => socket.write('HTTP/1.1 204 No Content\r\n\r\n'))
    await using front = await serveFront({ upstreams: [upstream] })
    const answer = await askRaw(front.port, `${upgrade('echo', 'Content-Length: 4\r\n')}body`)
    expect(answer).toMatch(/^HTTP\/1\.1 204 /)
    expect(upstream.requests[0]?.field('upgrade')).toEqual([])
  })

  it('to HTTP/2 without TLS is not passed on', async () => {
    await using upstream = await rawUpstream((socket) => socket.write('HTTP/1.1 204 No Content\r\n\r\n'))
    await using front = await serveFront({ upstreams: [upstream] })
    using client = rawClient(front.port, upgrade('h2c', 'HTTP2-Settings: AAA\r\n'))
    await client.until(/^HTTP\/1\.1 204 /)
    expect(upstream.requests[0]?.field('upgrade')).toEqual([])
  })

  it('that was asked for by CONNECT is refused', async () => {
    await using upstream = await rawUpstream(() => undefined)
    await using front = await serveFront({ upstreams: [upstream] })
    expect(
      await askRaw(front.port, 'CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n'),
    ).toMatch(/^HTTP\/1\.1 405 /)
    expect(upstream.requests).toEqual([])
  })

  it('is answered with 503 when no upstream takes requests', async () => {
    await using front = await serveFront({})
    const answer = await askRaw(front.port, upgrade('websocket'))
    expect(answer).toMatch(/^HTTP\/1\.1 503 [\s\S]*Retry-After: 1\r\n[\s\S]*is not ready/)
  })
})

describe('a WebSocket over HTTP/2', () => {
  const accept = (key: string): string =>
    createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')

  it('is an upgrade over HTTP/1.1 for the upstream', async () => {
    await using upstream = await rawUpstream((socket, request) => {
      socket.write(
        `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Protocol: chat\r\nSec-WebSocket-Accept: ${accept(request.field('sec-websocket-key')[0] ?? '')}\r\n\r\n`,
      )
      socket.on('data', (bytes) => socket.write(bytes))
    })
    await using front = await serveFront({ upstreams: [upstream], options: tls })
    await using session = await http2Session(front.url)
    await once(session, 'remoteSettings')
    expect(session.remoteSettings.enableConnectProtocol).toBe(true)
    const stream = session.request(
      { ':method': 'CONNECT', ':protocol': 'websocket', ':path': '/chat', 'sec-websocket-protocol': 'chat' },
      { endStream: false },
    )
    const [head] = await once(stream, 'response')
    expect(head).toMatchObject({ ':status': 200, 'sec-websocket-protocol': 'chat' })
    expect(head['sec-websocket-accept']).toBe(undefined)
    stream.write('some bytes')
    expect(String((await once(stream, 'data'))[0])).toBe('some bytes')
    const [request] = upstream.requests
    expect(request?.head).toMatch(/^GET \/chat HTTP\/1\.1\r\n/)
    expect(request?.field('sec-websocket-version')).toEqual(['13'])
    expect(request?.field('transfer-encoding')).toEqual([])
    stream.end()
    await upstream.closed(0)
    await waitUntil(() => stream.closed, { what: 'the end of the stream' })
    expect(stream.rstCode).toBe(0)
    await waitUntil(() => front.accessLog().length === 1, { what: 'the line of the access log' })
    expect(front.accessLog()[0]?.status).toBe(200)
  })

  it('works with a library for WebSockets', async () => {
    await using upstream = await echo()
    await using front = await serveFront({ upstreams: [upstream], options: tls })
    await using session = await http2Session(front.url)
    const stream = session.request(
      { ':method': 'CONNECT', ':protocol': 'websocket', ':path': '/chat', 'sec-websocket-version': '13' },
      { endStream: false },
    )
    await once(stream, 'response')
    // A masked text frame with "hi", and what the server sends back.
    stream.write(Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0x68, 0x69]))
    expect((await once(stream, 'data'))[0]).toEqual(Buffer.from([0x81, 0x02, 0x68, 0x69]))
    stream.close()
  })

  it.each([
    [
      'the upstream proves nothing',
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: wrong\r\n\r\n',
      502,
    ],
    ['the upstream answers with 200', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok', 502],
    ['the upstream refuses it', 'HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno', 403],
  ])('is refused when %s', async (_, sent, status) => {
    await using upstream = await rawUpstream((socket) => socket.write(sent))
    await using front = await serveFront({ upstreams: [upstream], options: tls })
    await using session = await http2Session(front.url)
    const stream = session.request(
      { ':method': 'CONNECT', ':protocol': 'websocket', ':path': '/chat' },
      { endStream: false },
    )
    const [head] = await once(stream, 'response')
    expect(head[':status']).toBe(status)
    stream.resume()
    await once(stream, 'close')
    expect(stream.rstCode).toBe(0)
  })

  it('is closed in order by a drain', async () => {
    await using upstream = await echo()
    const front = await serveFront({ upstreams: [upstream], options: tls })
    await using session = await http2Session(front.url)
    const stream = session.request(
      { ':method': 'CONNECT', ':protocol': 'websocket', ':path': '/chat' },
      { endStream: false },
    )
    await once(stream, 'response')
    const got: Buffer[] = []
    stream.on('data', (bytes) => got.push(bytes))
    const started = performance.now()
    await front.stop()
    expect(performance.now() - started).toBeLessThan(5_000)
    // A Close frame with 1001, "going away".
    expect(Buffer.concat(got).subarray(0, 4).toString('hex')).toMatch(/^88..03e9$/)
  })

  it.each(['h2c', 'H2', 'tls', 'http', 'HTTP'])(
    'is refused with 501 if it asks for %j, which only the launcher could speak',
    async (protocol) => {
      await using upstream = await rawUpstream(() => undefined)
      await using front = await serveFront({ upstreams: [upstream], options: tls })
      await using session = await http2Session(front.url)
      const stream = session.request(
        { ':method': 'CONNECT', ':protocol': protocol, ':path': '/' },
        { endStream: false },
      )
      const [head] = await once(stream, 'response', { signal: AbortSignal.timeout(3_000) })
      expect(head[':status']).toBe(501)
      expect(upstream.requests).toEqual([])
      stream.close()
    },
  )

  it('is refused as CONNECT if it names no protocol', async () => {
    await using upstream = await rawUpstream(() => undefined)
    await using front = await serveFront({ upstreams: [upstream], options: tls })
    await using session = await http2Session(front.url)
    const stream = session.request(
      { ':method': 'CONNECT', ':authority': 'example.com:443' },
      { endStream: false },
    )
    const [head] = await once(stream, 'response')
    expect(head[':status']).toBe(405)
    stream.close()
  })
})
