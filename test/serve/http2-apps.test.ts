import { once } from 'node:events'
import { type ClientHttp2Session, connect, type IncomingHttpHeaders } from 'node:http2'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { type LaunchHandle, launch } from '@lockstep/core'
import { describe, expect, it } from 'vitest'
import { pairFiles } from '../support/certificates.ts'
import { exchange, header } from '../support/exchange.ts'
import { fixtures } from '../support/lockstep.ts'

interface Http2Answer {
  readonly status: number | undefined
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** Launches an app of this shape, and opens a connection that speaks only HTTP/2. */
async function openTo(
  app: string,
): Promise<AsyncDisposable & { ask: typeof ask; session: ClientHttp2Session; url: string; ca: string }> {
  const { cert, key, certPem } = await pairFiles()
  const handle: LaunchHandle = await launch(
    {
      app: join(fixtures, 'shapes', app),
      port: 0,
      workers: 1,
      log: { level: 'silent' },
      tls: { cert, key, protocols: 'h2,http/1.1' },
    },
    { config: false, envFile: false, environment: false },
  )
  const url = handle.url
  const session = connect(url, { rejectUnauthorized: false })
  await once(session, 'connect', { signal: AbortSignal.timeout(5_000) })
  return {
    session,
    ask,
    url,
    ca: certPem,
    async [Symbol.asyncDispose]() {
      session.destroy()
      await handle.stop({ force: true })
    },
  }
}

async function ask(
  session: ClientHttp2Session,
  { path, method = 'GET', body, type }: { path: string; method?: string; body?: string; type?: string },
): Promise<Http2Answer> {
  const stream = session.request(
    { ':path': path, ':method': method, ...(type !== undefined && { 'content-type': type }) },
    { signal: AbortSignal.timeout(10_000), endStream: body === undefined },
  )
  const response = once(stream, 'response')
  if (body !== undefined) stream.end(body)
  const [headers] = (await response) as [IncomingHttpHeaders & { ':status'?: number }]
  return { status: headers[':status'], headers, body: await text(stream) }
}

describe('HTTP/2 and HTTP/1.1 get the same answers from', () => {
  it.each([
    { shape: 'a (req, res) function', app: 'function.js' },
    { shape: '{ fetch }', app: 'fetch-object.js' },
    { shape: 'an Express app', app: 'express.js' },
    { shape: 'a Koa app', app: 'koa.js' },
    { shape: 'a Fastify app', app: 'fastify.js' },
    { shape: 'a Hono app', app: 'hono.js' },
    { shape: 'an http.Server', app: 'http-server.js' },
  ])('$shape', async ({ app }) => {
    await using to = await openTo(app)
    const questions = [
      { path: '/hello?to=you' },
      { path: '/hello?to=you', method: 'HEAD' },
      { path: '/echo', method: 'POST', body: `${'é'.repeat(200_000)}\n`, type: 'text/x-anything' },
      { path: '/nowhere' },
    ]
    for (const question of questions) {
      const { path, method, body, type } = question
      const one = await exchange(to.url, {
        path,
        ca: to.ca,
        ...(method !== undefined && { method }),
        ...(body !== undefined && { body }),
        ...(type !== undefined && { headers: { 'Content-Type': type } }),
      })
      const two = await to.ask(to.session, question)
      expect(two.status).toBe(one.status)
      // Koa's text for a missing page depends on the version of HTTP.
      if (path !== '/nowhere') expect(two.body).toBe(one.body)
      for (const name of ['X-App', 'Content-Type'])
        expect([name, two.headers[name.toLowerCase()]]).toEqual([name, header(one, name)])
    }
  })

  it('Express as the listener of an http.Server, without another sign that it is Express', async () => {
    await using to = await openTo('express-in-server.js')
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => to.ask(to.session, { path: '/hello?to=you' })),
    )
    expect(answers.map(({ status, body }) => [status, body])).toEqual(
      Array.from({ length: 20 }, () => [200, 'hello you\n']),
    )
  })

  it('an app that throws: 500 before the response has begun, and a broken stream after', async () => {
    await using to = await openTo('failing.js')
    expect((await to.ask(to.session, { path: '/throws' })).status).toBe(500)
    await expect(to.ask(to.session, { path: '/breaks-off' })).rejects.toMatchObject({
      code: 'ERR_HTTP2_STREAM_ERROR',
      message: expect.stringContaining('NGHTTP2_INTERNAL_ERROR'),
    })
    expect((await to.ask(to.session, { path: '/' })).status).toBe(200)
  })
})

describe('what an app adds to the requests and responses of node:http', () => {
  it('is there over HTTP/2 too', async () => {
    await using server = await openTo('adds-members.cjs')
    const { status, headers, body } = await server.ask(server.session, { path: '/hello' })
    expect({ status, added: headers['x-added'], body }).toEqual({ status: 200, added: 'yes', body: '/HELLO' })
  })

  it('is there on the next connection, if it was added late', async () => {
    await using server = await openTo('adds-members.cjs')
    await server.ask(server.session, { path: '/late' })
    const session = connect(server.url, { rejectUnauthorized: false })
    try {
      expect((await server.ask(session, { path: '/late' })).body).toBe('late')
    } finally {
      session.destroy()
    }
  })
})
