// An app that was written for HTTP/1.1 serves HTTP/2: the requests that it gets, and the answers that it may send.
import { once } from 'node:events'
import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import http2, { type ClientHttp2Session, type IncomingHttpHeaders } from 'node:http2'
import { text } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { type LaunchHandle, launch } from '@lockstep/core'
import express from 'express'
import fastify from 'fastify'
import { Hono } from 'hono'
import Koa from 'koa'
import { describe, expect, it } from 'vitest'
import { pairFiles } from '../support/certificates.ts'
import { exchange } from '../support/exchange.ts'

type Handler = (request: IncomingMessage, response: ServerResponse) => unknown

interface Served extends AsyncDisposable {
  readonly url: string
  readonly ca: string
  readonly session: ClientHttp2Session
}

async function serve(app: unknown): Promise<Served> {
  const { cert, key, certPem } = await pairFiles()
  const handle: LaunchHandle = await launch(
    {
      app,
      port: 0,
      workers: 1,
      log: { level: 'silent' },
      tls: { cert, key, protocols: 'h2,http/1.1' },
    } as never,
    { config: false, envFile: false, environment: false },
  )
  const url = handle.url
  const session = http2.connect(url, { rejectUnauthorized: false })
  session.on('error', () => {})
  await once(session, 'connect', { signal: AbortSignal.timeout(10_000) })
  return {
    url,
    ca: certPem,
    session,
    async [Symbol.asyncDispose]() {
      session.destroy()
      await handle.stop({ force: true })
    },
  }
}

interface Seen {
  readonly status: number | undefined
  readonly headers: IncomingHttpHeaders
  readonly body: string
  readonly trailers: IncomingHttpHeaders
  readonly hints: IncomingHttpHeaders
}

async function ask(
  { session }: Served,
  headers: http2.OutgoingHttpHeaders = {},
  body?: string | readonly string[],
): Promise<Seen> {
  const stream = session.request(
    { ':path': '/', ...(body !== undefined && { ':method': 'POST' }), ...headers },
    { signal: AbortSignal.timeout(10_000), endStream: body === undefined },
  )
  let trailers: IncomingHttpHeaders = {}
  let hints: IncomingHttpHeaders = {}
  stream.on('trailers', (given) => {
    trailers = given
  })
  stream.on('headers', (given) => {
    hints = given
  })
  const closed = Promise.withResolvers<never>()
  // After the error, if there is one.
  stream.once('close', () => setImmediate(() => closed.reject(new Error('closed without an answer'))))
  closed.promise.catch(() => {})
  const response = Promise.race([once(stream, 'response'), closed.promise])
  if (body !== undefined) {
    for (const part of [body].flat()) stream.write(part)
    stream.end()
  }
  const [given] = (await response) as [IncomingHttpHeaders & { ':status'?: number }]
  return { status: given[':status'], headers: given, body: await text(stream), trailers, hints }
}

const ofConnection = {
  Connection: 'keep-alive, X-Named',
  'X-Named': 'by Connection',
  'Transfer-Encoding': 'chunked',
  'KEEP-ALIVE': 'timeout=5',
  upgrade: 'h2c',
  'Proxy-Connection': 'keep-alive',
  Te: 'gzip',
  'HTTP2-Settings': 'AAMAAABk',
} as const
const kept = { 'X-Kept': 'yes' }
const pairs = Object.entries({ ...ofConnection, ...kept })

function expectLeftOut(headers: IncomingHttpHeaders): void {
  for (const name of Object.keys(ofConnection)) expect(headers).not.toHaveProperty(name.toLowerCase())
  expect(headers).toHaveProperty('x-kept', 'yes')
}

const ways: Readonly<Record<string, Handler>> = {
  setHeader: (_request, response) => {
    for (const [name, value] of pairs) response.setHeader(name, value)
    response.end('done')
  },
  'setHeader before a chunk': (_request, response) => {
    for (const [name, value] of pairs) response.setHeader(name, value)
    response.write('do')
    response.end('ne')
  },
  appendHeader: (_request, response) => {
    for (const [name, value] of pairs) response.appendHeader(name, value)
    response.end('done')
  },
  'setHeaders with a Map': (_request, response) => void response.setHeaders(new Map(pairs)).end('done'),
  'setHeaders with Headers': (_request, response) => void response.setHeaders(new Headers(pairs)).end('done'),
  'writeHead with an object': (_request, response) =>
    void response.writeHead(200, { ...ofConnection, ...kept }).end('done'),
  'writeHead with a flat array': (_request, response) =>
    void response.writeHead(200, pairs.flat()).end('done'),
  'writeHead with pairs': (_request, response) => void response.writeHead(200, pairs as never).end('done'),
  'writeHead with a reason': (_request, response) =>
    void response.writeHead(200, 'Fine', { ...ofConnection, ...kept }).end('done'),
  'writeHead over setHeader': (_request, response) => {
    response.setHeader('X-Kept', 'no')
    response.writeHead(200, pairs.flat()).end('done')
  },
  flushHeaders: (_request, response) => {
    for (const [name, value] of pairs) response.setHeader(name, value)
    response.flushHeaders()
    setImmediate(() => response.end('done'))
  },
  'a later turn': (_request, response) =>
    void setImmediate(() => response.writeHead(200, { ...ofConnection, ...kept }).end('done')),
}

const frameworks: Readonly<Record<string, () => unknown>> = {
  Express: () =>
    express().use((_request, response) => void response.set({ ...ofConnection, ...kept }).send('done')),
  Koa: () =>
    new Koa().use((context) => {
      context.set({ ...ofConnection, ...kept })
      context.body = 'done'
    }),
  Fastify: () => {
    const app = fastify()
    app.get('/', async (_request, reply) => reply.headers({ ...ofConnection, ...kept }).send('done'))
    return app
  },
  Hono: () => new Hono().get('/', (context) => context.body('done', 200, { ...ofConnection, ...kept })),
  'a fetch Response': () => ({ fetch: () => new Response('done', { headers: pairs as [string, string][] }) }),
  'a fetch Response with a stream': () => ({
    fetch: () =>
      new Response(ReadableStream.from([Buffer.from('do'), Buffer.from('ne')]), {
        headers: pairs as [string, string][],
      }),
  }),
}

describe('connection-specific fields are left out over HTTP/2 if they are set by', () => {
  it.each(Object.keys(ways))('%s', async (way) => {
    await using served = await serve(ways[way])
    const { status, body, headers } = await ask(served)
    expect([status, body]).toEqual([200, 'done'])
    expectLeftOut(headers)
  })

  it.each(Object.keys(frameworks))('%s', async (name) => {
    await using served = await serve(frameworks[name]?.())
    const { status, body, headers } = await ask(served)
    expect([status, body]).toEqual([200, 'done'])
    expectLeftOut(headers)
  })

  it('early hints and trailers', async () => {
    await using served = await serve((_request: IncomingMessage, response: ServerResponse) => {
      response.writeEarlyHints({ link: '</a.css>; rel=preload', 'Keep-Alive': 'timeout=5' })
      response.write('do')
      response.addTrailers({ 'X-Kept': 'yes', 'Transfer-Encoding': 'chunked', 'Keep-Alive': 'timeout=5' })
      response.end('ne')
    })
    const { body, hints, trailers } = await ask(served)
    expect(body).toBe('done')
    expect(hints).toMatchObject({ ':status': 103, link: '</a.css>; rel=preload' })
    expect(hints).not.toHaveProperty('keep-alive')
    expect(JSON.parse(JSON.stringify(trailers))).toEqual({ 'x-kept': 'yes' })
  })

  it('the headers of an upstream server that are passed on', async () => {
    const upstream = http.createServer((_request, response) => {
      response.write('do')
      setImmediate(() => response.end('ne'))
    })
    upstream.listen(0, '127.0.0.1')
    await once(upstream, 'listening')
    const { port } = upstream.address() as { port: number }
    try {
      await using served = await serve((request: IncomingMessage, response: ServerResponse) => {
        const { method = '', headers } = request
        const up = http.request({ host: '127.0.0.1', port, method, headers }, (answer) => {
          response.writeHead(answer.statusCode ?? 0, answer.headers)
          answer.pipe(response)
        })
        request.pipe(up)
      })
      expect(await ask(served)).toMatchObject({ status: 200, body: 'done' })
      expect(await ask(served, {}, ['some ', 'body'])).toMatchObject({ status: 200, body: 'done' })
    } finally {
      upstream.closeAllConnections()
      upstream.close()
    }
  })

  it('an app, which can still read its own values', async () => {
    await using served = await serve((_request: IncomingMessage, response: ServerResponse) => {
      response.setHeader('Connection', 'close')
      response.setHeader('Set-Cookie', ['a=1', 'b=2'])
      response.end(
        JSON.stringify([
          response.getHeaders(),
          response.hasHeader('CONNECTION'),
          (response as ServerResponse & { getRawHeaderNames(): string[] }).getRawHeaderNames(),
        ]),
      )
    })
    const { body, headers } = await ask(served)
    expect(JSON.parse(body)).toEqual([
      { connection: 'close', 'set-cookie': ['a=1', 'b=2'] },
      true,
      ['Connection', 'Set-Cookie'],
    ])
    expect(headers['set-cookie']).toEqual(['a=1', 'b=2'])
  })
})

const invalid: Readonly<Record<string, Handler>> = {
  'status 0': (_request, response) => response.writeHead(0),
  'status 99': (_request, response) => {
    response.statusCode = 99
    response.end()
  },
  'a status that is not a number': (_request, response) => response.writeHead('many' as never),
  'a pseudo-header field': (_request, response) => response.setHeader(':status', '200'),
  'a name with a space': (_request, response) => response.setHeader('a b', '1'),
  'a value that is undefined': (_request, response) => response.writeHead(200, { 'X-A': undefined }),
  'a value with a line end': (_request, response) => response.setHeader('X-A', 'a\r\nb: c'),
  'a value outside Latin-1': (_request, response) => response.writeHead(200, { 'X-A': '€' }),
  'a reason with a line end': (_request, response) => response.writeHead(200, 'a\r\nb'),
  'a chunk that is null': (_request, response) => response.write(null),
  'a chunk that is a number': (_request, response) => response.end(5 as never),
  'something that cannot be shown': () => {
    throw Object.create(null)
  },
  'an error with a hostile stack': () => {
    throw Object.defineProperty(new Error('x'), 'stack', {
      get() {
        throw new Error('never')
      },
    })
  },
  'a method of the response that throws': (_request, response) => {
    response.setHeader('X-A', '1')
    throw new Error('x')
  },
}

describe('an invalid answer is an error of the app over both versions, and gets 500 without any text of the app:', () => {
  it.each(Object.keys(invalid))('%s', async (name) => {
    await using served = await serve((request: IncomingMessage, response: ServerResponse) => {
      response.setHeader('ETag', '"of the app"')
      response.setHeader('Content-Length', 3)
      response.setHeader('Content-Encoding', 'br')
      response.setHeader('Transfer-Encoding', 'chunked')
      response.statusMessage = 'Fine'
      return invalid[name]?.(request, response)
    })
    const one = await exchange(served.url, { ca: served.ca })
    const two = await ask(served)
    for (const { status, body } of [one, two])
      expect([status, body]).toEqual([500, '500 Internal Server Error\n'])
    expect(one.reason).toBe('Internal Server Error')
    for (const left of ['etag', 'content-encoding', 'content-length']) {
      expect(two.headers).not.toHaveProperty(left)
      expect(one.headers.map(([field]) => field.toLowerCase())).not.toContain(left)
    }
  })

  it('status 101, which does not exist over HTTP/2', async () => {
    await using served = await serve((_request: IncomingMessage, response: ServerResponse) =>
      response.writeHead(101),
    )
    expect((await ask(served)).status).toBe(500)
  })

  it('a response that the app has made unusable is cut, and others are served', async () => {
    await using served = await serve(({ url }: IncomingMessage, response: ServerResponse) => {
      if (url === '/well') return response.end('well')
      response.writeHead = () => {
        throw new Error('from a hook')
      }
      throw new Error('x')
    })
    await expect(ask(served)).rejects.toMatchObject({ code: 'ERR_HTTP2_STREAM_ERROR' })
    await expect(exchange(served.url, { ca: served.ca })).rejects.toMatchObject({ code: 'ECONNRESET' })
    expect(await ask(served, { ':path': '/well' })).toMatchObject({ status: 200, body: 'well' })
  })
})

describe('an app sees a request over HTTP/2 like one over HTTP/1.1:', () => {
  const look = (request: IncomingMessage, response: ServerResponse): void => {
    const { method, url, headers, rawHeaders, headersDistinct, httpVersion } = request
    const symbols = Object.getOwnPropertySymbols(headers).length
    // Each of them throws for what HTTP/1.1 doesn't have.
    new Headers(headers as never)
    request.resume().on('end', () =>
      response.end(
        JSON.stringify({
          method,
          url,
          headers,
          rawHeaders,
          headersDistinct,
          httpVersion,
          symbols,
          trailers: request.trailers,
          trailerSymbols: Object.getOwnPropertySymbols(request.trailers).length,
        }),
      ),
    )
  }

  it('no pseudo-header fields, the host first, cookies in one field, and no coding where there is no body', async () => {
    await using served = await serve(look)
    const { body } = await ask(served, { ':path': '/a?b=c', cookie: ['a=1', 'b=2'], 'x-list': ['1', '2'] })
    const host = new URL(served.url).host
    expect(JSON.parse(body)).toEqual({
      method: 'GET',
      url: '/a?b=c',
      httpVersion: '2.0',
      headers: { host, cookie: 'a=1; b=2', 'x-list': '1, 2' },
      rawHeaders: ['host', host, 'cookie', 'a=1; b=2', 'x-list', '1', 'x-list', '2'],
      headersDistinct: { host: [host], cookie: ['a=1; b=2'], 'x-list': ['1', '2'] },
      symbols: 0,
      trailers: {},
      trailerSymbols: 0,
    })
  })

  it('a body of unknown length is chunked, one of known length has that', async () => {
    await using served = await serve(look)
    const unknown = JSON.parse((await ask(served, {}, 'body')).body) as { headers: object }
    expect(unknown.headers).toMatchObject({ 'transfer-encoding': 'chunked' })
    const known = JSON.parse((await ask(served, { 'content-length': 4 }, 'body')).body) as { headers: object }
    expect(known.headers).toMatchObject({ 'content-length': '4' })
    expect(known.headers).not.toHaveProperty('transfer-encoding')
  })

  it('Express reads a JSON body of unknown length', async () => {
    await using served = await serve(
      express().post('/', express.json(), (request, response) => void response.json(request.body)),
    )
    const { body } = await ask(served, { 'content-type': 'application/json' }, ['{"a":', '1}'])
    expect(body).toBe('{"a":1}')
  })

  it('an app may assign to properties of a request', async () => {
    await using served = await serve((request: IncomingMessage, response: ServerResponse) => {
      Object.assign(request, { method: 'PUT', url: '/other', headers: {}, rawHeaders: [] })
      Reflect.deleteProperty(response, 'req')
      response.end(`${request.method} ${request.url}`)
    })
    expect((await ask(served)).body).toBe('PUT /other')
  })

  it.each([
    { name: 'two hosts', headers: { ':authority': 'a.example', host: 'b.example' } },
    { name: 'a host with a comma', headers: { ':authority': 'a.example,b.example' } },
  ])('$name is refused with 400', async ({ headers }) => {
    await using served = await serve(look)
    expect((await ask(served, headers)).status).toBe(400)
  })

  it.each(['stream', 'connection'])(
    'a body that is cut off with its %s is an error, and not a normal end',
    async (what) => {
      const ended = Promise.withResolvers<string>()
      await using served = await serve(async (request: IncomingMessage, response: ServerResponse) => {
        try {
          await text(request)
          ended.resolve('as if it were complete')
        } catch (error) {
          ended.resolve((error as NodeJS.ErrnoException).code ?? String(error))
        }
        response.end()
      })
      const stream = served.session.request({ ':path': '/', ':method': 'POST' })
      stream.on('error', () => {})
      stream.write('half')
      await new Promise((resolve) => served.session.ping(resolve))
      if (what === 'stream') stream.destroy(new Error('the client has left'))
      else served.session.destroy()
      expect(await ended.promise).toMatch(/ECONNRESET|ERR_STREAM_PREMATURE_CLOSE/)
    },
  )
})

const misbehaving: Readonly<Record<string, Handler>> = {
  'writes after the end': (_request, response) => {
    response.end('done')
    response.write('late')
    response.end('later')
  },
  'sets headers after they are sent': (_request, response) => {
    response.end('done')
    response.setHeader('X-A', '1')
  },
  'throws after its answer': async (_request, response) => {
    response.end('done')
    throw new Error('late')
  },
  'sends a body without content': (_request, response) => {
    response.writeHead(204, { 'Content-Length': 4 })
    response.write('done')
    response.end('more')
  },
  'destroys its answer': (_request, response) => {
    response.write('do')
    response.destroy()
    response.write('ne')
    response.end()
  },
  'destroys its answer with an error': (_request, response) => response.destroy(new Error('x')),
  'destroys the socket': ({ socket }, response) => {
    socket.destroy()
    response.write('late')
    setImmediate(() => response.end('later'))
  },
  'destroys the request': (request, response) => {
    request.destroy()
    response.end('done')
  },
  'sends early hints too late': (_request, response) => {
    response.end('done')
    response.writeEarlyHints({ link: '</a.css>; rel=preload' })
    response.writeProcessing()
  },
  'changes the status once it is sent': (_request, response) => {
    response.end('done')
    response.statusCode = Symbol('x') as never
  },
  'takes the parts of a request away': (request, response) => {
    Object.assign(request, { headers: null, url: null, method: null })
    Object.assign(response, { req: null })
    response.end('done')
  },
}

describe('whatever an app does, the server keeps running:', () => {
  it.each(Object.keys(misbehaving))('%s', async (name) => {
    await using served = await serve((request: IncomingMessage, response: ServerResponse) =>
      request.url === '/well' ? response.end('well') : misbehaving[name]?.(request, response),
    )
    for (const method of ['GET', 'HEAD', 'POST'])
      await ask(served, { ':method': method }, method === 'POST' ? 'body' : undefined).catch(() => {})
    await exchange(served.url, { ca: served.ca }).catch(() => {})
    expect(await ask(served, { ':path': '/well' })).toMatchObject({ status: 200, body: 'well' })
    expect(await exchange(served.url, { path: '/well', ca: served.ca })).toMatchObject({ body: 'well' })
  })

  it.each(['response', 'socket'])(
    'an answer that it cuts by destroying the %s does not look complete',
    async (what) => {
      await using served = await serve((request: IncomingMessage, response: ServerResponse) => {
        response.write('half')
        setImmediate(() => (what === 'socket' ? request.socket : response).destroy())
      })
      await expect(ask(served)).rejects.toMatchObject({ code: 'ERR_HTTP2_STREAM_ERROR' })
    },
  )

  it('a client that disconnects fails the pipe to it', async () => {
    const ended = Promise.withResolvers<unknown>()
    await using served = await serve((_request: IncomingMessage, response: ServerResponse) => {
      const endless = async function* () {
        for (;;) {
          yield Buffer.alloc(1_000)
          await new Promise(setImmediate)
        }
      }
      pipeline(endless, response).then(() => ended.resolve('as if it were complete'), ended.resolve)
    })
    const stream = served.session.request({ ':path': '/' })
    stream.on('error', () => {})
    await once(stream, 'response')
    stream.close(http2.constants.NGHTTP2_CANCEL)
    expect(await ended.promise).toMatchObject({ code: 'ERR_STREAM_PREMATURE_CLOSE' })
  })

  it('a client that abandons an unfinished HEAD request closes its response', async () => {
    const closed = Promise.withResolvers<void>()
    const begun = Promise.withResolvers<void>()
    await using served = await serve((_request: IncomingMessage, response: ServerResponse) => {
      response.on('close', closed.resolve)
      begun.resolve()
    })
    const stream = served.session.request({ ':path': '/', ':method': 'HEAD' })
    stream.on('error', () => {})
    await begun.promise
    stream.close(http2.constants.NGHTTP2_CANCEL)
    await closed.promise
  })
})
