// A request reaches the upstream as it was sent, and the answer reaches the client as the upstream sent it.
import { once } from 'node:events'
import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { parseResponseHead } from '../../src/front/parser/response-head.ts'
import { passInformation } from '../../src/front/pass-information.ts'
import { askRaw, http2Session, rawClient } from './clients.ts'
import { serveFront } from './serve-front.ts'
import { httpUpstream, rawUpstream } from './upstreams.ts'

const hello = 'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello'
const get = (path: string, more = ''): string =>
  `GET ${path} HTTP/1.1\r\nHost: example.com\r\n${more}Connection: close\r\n\r\n`

describe('a request over HTTP/1.1', () => {
  it('is answered with the status, fields and body of the upstream', async () => {
    await using upstream = await rawUpstream((socket) =>
      socket.write(
        'HTTP/1.1 201 Made it\r\nX-One: 1\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nContent-Length: 5\r\n\r\nhello',
      ),
    )
    await using front = await serveFront({ upstreams: [upstream] })
    const answer = await askRaw(front.port, get('/path?query=1'))
    expect(answer).toMatch(/^HTTP\/1\.1 201 Made it\r\n/)
    expect(answer).toContain('X-One: 1\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n')
    expect(answer).toMatch(/\r\n\r\nhello$/)
    expect(upstream.requests[0]?.head).toMatch(/^GET \/path\?query=1 HTTP\/1\.1\r\nHost: example\.com\r\n/)
  })

  it('uses the connection to the upstream again', async () => {
    await using upstream = await rawUpstream((socket) => socket.write(hello))
    await using front = await serveFront({ upstreams: [upstream] })
    for (let count = 0; count < 3; count += 1) await askRaw(front.port, get('/'))
    expect(upstream.connections()).toBe(1)
    expect(upstream.requests).toHaveLength(3)
  })

  it('passes a body on with its length', async () => {
    await using upstream = await httpUpstream(async (request, response) => {
      const body = await text(request)
      response.end(`${request.headers['content-length']} ${body}`)
    })
    await using front = await serveFront({ upstreams: [upstream] })
    const answer = await askRaw(
      front.port,
      'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\nConnection: close\r\n\r\nsome body',
    )
    expect(answer).toMatch(/\r\n\r\n9 some body$/)
  })

  it('passes a chunked body on in chunks, with its trailers', async () => {
    await using upstream = await httpUpstream(async (request, response) => {
      const body = await text(request)
      response.end(`${request.headers['transfer-encoding']} ${body} ${request.trailers['x-sum']}`)
    })
    await using front = await serveFront({ upstreams: [upstream] })
    const answer = await askRaw(
      front.port,
      'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\nConnection: close\r\n\r\n4\r\nsome\r\n5\r\n body\r\n0\r\nX-Sum: 7\r\n\r\n',
    )
    expect(answer).toMatch(/chunked some body 7$/)
  })

  it('passes the trailers of a chunked answer on', async () => {
    await using upstream = await rawUpstream((socket) =>
      socket.write(
        'HTTP/1.1 200 OK\r\nTrailer: X-Sum\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX-Sum: 5\r\n\r\n',
      ),
    )
    await using front = await serveFront({ upstreams: [upstream] })
    expect(await askRaw(front.port, get('/'))).toMatch(
      /Trailer: X-Sum\r\n[\s\S]*\r\n\r\n5\r\nhello\r\n0\r\nX-Sum: 5\r\n\r\n$/,
    )
  })

  it.each([
    ['GET', 'HTTP/1.1 200 OK', '5\r\nhello\r\n0\r\n\r\n', /Content-Length: 5\r\n[\s\S]*\r\n\r\nhello$/],
    ['HEAD', 'HTTP/1.1 200 OK', '', /\r\n\r\n$/],
    ['GET', 'HTTP/1.1 304 Not Modified', '', /\r\n\r\n$/],
  ])(
    'of %s gets %j without the announcement of trailers that do not come',
    async (method, line, body, end) => {
      await using upstream = await rawUpstream((socket) =>
        socket.write(`${line}\r\nTrailer: X-Sum\r\nTransfer-Encoding: chunked\r\n\r\n${body}`),
      )
      await using front = await serveFront({ upstreams: [upstream] })
      const answer = await askRaw(front.port, get('/').replace('GET', method))
      expect(answer.startsWith(`${line}\r\n`)).toBe(true)
      expect(answer).not.toContain('Trailer')
      expect(answer).toMatch(end)
      expect(front.logged).toEqual([])
    },
  )

  it.each([
    [
      'HEAD',
      'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n',
      /^HTTP\/1\.1 200 OK\r\nContent-Length: 5\r\n[\s\S]*\r\n\r\n$/,
    ],
    [
      'GET',
      'HTTP/1.1 204 No Content\r\n\r\n',
      /^HTTP\/1\.1 204 No Content\r\n(?![\s\S]*Content-Length)[\s\S]*\r\n\r\n$/,
    ],
    [
      'GET',
      'HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n',
      /^HTTP\/1\.1 304 Not Modified\r\n[\s\S]*\r\n\r\n$/,
    ],
  ])('of %s ends with the head where there is no body: %s', async (method, sent, expected) => {
    await using upstream = await rawUpstream((socket) => socket.write(sent))
    await using front = await serveFront({ upstreams: [upstream] })
    expect(await askRaw(front.port, get('/').replace('GET', method))).toMatch(expected)
    await askRaw(front.port, get('/').replace('GET', method))
    expect(upstream.connections()).toBe(1)
  })

  it('gets a body that ends with the connection of the upstream', async () => {
    await using upstream = await rawUpstream((socket) => socket.end('HTTP/1.0 200 OK\r\n\r\nuntil the end'))
    await using front = await serveFront({ upstreams: [upstream] })
    expect(await askRaw(front.port, get('/'))).toMatch(/\r\n\r\nd\r\nuntil the end\r\n0\r\n\r\n$/)
  })

  it('gets the events of a stream as they are sent', async () => {
    await using upstream = await rawUpstream((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n')
    })
    await using front = await serveFront({ upstreams: [upstream] })
    using client = rawClient(front.port, get('/events'))
    await client.until('text/event-stream')
    for (const event of ['one', 'two', 'three']) {
      const line = `data: ${event}\n\n`
      upstream.sockets[0]?.write(`${line.length.toString(16)}\r\n${line}\r\n`)
      await client.until(`data: ${event}`)
    }
  })
})

describe('a request over HTTP/2', () => {
  const options = { tls: { selfSigned: true, protocols: ['h2', 'http/1.1'] } } as const

  it('goes to the upstream over HTTP/1.1, and so comes its answer', async () => {
    await using upstream = await httpUpstream(async (request, response) => {
      const body = await text(request)
      response.setHeader('Trailer', 'x-sum')
      response.writeHead(201, { 'X-Host': `${request.headers.host}`, Connection: 'keep-alive' })
      response.write(`${request.httpVersion} ${request.method} ${request.url} `)
      response.addTrailers({ 'x-sum': `${request.trailers['x-asked']}` })
      response.end(body)
    })
    await using front = await serveFront({ upstreams: [upstream], options })
    await using session = await http2Session(front.url)
    const stream = session.request(
      { ':method': 'POST', ':path': '/a?b=c', te: 'trailers' },
      { waitForTrailers: true },
    )
    stream.on('wantTrailers', () => stream.sendTrailers({ 'x-asked': '9' }))
    const trailers = once(stream, 'trailers')
    stream.write('some ')
    stream.end('body')
    const [head] = await once(stream, 'response')
    expect(head[':status']).toBe(201)
    expect(head['x-host']).toBe(`127.0.0.1:${front.port}`)
    expect(head['connection']).toBe(undefined)
    expect(await text(stream)).toBe('1.1 POST /a?b=c some body')
    expect((await trailers)[0]['x-sum']).toBe('9')
  })
})

describe('passInformation()', () => {
  it('leaves out an interim answer that Node refuses to send, so that the answer after it can still be sent', () => {
    const request = new IncomingMessage(new Socket())
    request.httpVersion = '1.1'
    const response = new ServerResponse(request)
    // As in older versions of Node, which look at the value of Link.
    Object.defineProperty(response, 'writeInformation', { value: undefined })
    const interim = { ...parseResponseHead('HTTP/1.1 103 Early Hints'), fields: ['Link', '/a.css'] }
    expect(() => response.writeEarlyHints({ link: '/a.css' })).toThrow('hints')
    passInformation(interim, { request, response })
    expect(response.headersSent).toBe(false)
  })
})
