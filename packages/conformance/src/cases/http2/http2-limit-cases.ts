import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { openHttp2, requestHttp2 } from '../../clients/http/http2-client.ts'
import { frame, preface, settings } from '../../clients/http/http2-frames.ts'
import { poll } from '../../clients/poll.ts'
import { openSecured, type SecuredConnection } from '../../clients/tls/secured-connection.ts'
import type { ConformanceCase } from '../../conformance-case.ts'
import type { Subject } from '../../subject/subject.ts'
import { bothProtocols } from '../both-protocols.ts'

function openBareHttp2(subject: Subject): Promise<SecuredConnection> {
  return openSecured({ ...subject, tls: { ALPNProtocols: ['h2'] } })
}

async function closesWithin(
  connection: SecuredConnection,
  { fromMs, toMs }: { fromMs: number; toMs: number },
): Promise<void> {
  const { sinceBegunMs: closedMs } = await connection.closedByPeer(toMs + 2_000)
  assert.ok(closedMs >= fromMs && closedMs < toMs, `it was closed after ${closedMs} ms`)
}

export const http2LimitCases: readonly ConformanceCase[] = [
  {
    id: 'http2/keep-alive/idle-connection-is-kept-and-then-closed',
    level: 'MUST',
    requirement:
      'The server keeps an idle HTTP/2 connection for the keep-alive time, and closes it soon after.',
    source: 'RFC 9113 section 9.1; docs/options.md: timeouts.keepAlive',
    observes: ['timeouts.keepAlive'],
    async run(context) {
      const subject = await context.start({ tls: bothProtocols(context), timeouts: { keepAlive: '700ms' } })
      const connection = await openHttp2(subject)
      await connection.ask()
      const { sinceSentMs: keptMs } = await connection.closedByPeer(6_000)
      assert.ok(keptMs >= 600 && keptMs < 4_000, `it was kept for ${keptMs} ms`)
      assert.equal(connection.goaways(), 1)
    },
  },
  {
    id: 'http2/keep-alive/zero-closes-after-each-answer',
    level: 'MUST',
    requirement:
      'With a keep-alive time of zero, the server closes each HTTP/2 connection after its answer, with GOAWAY.',
    source: 'RFC 9113 section 6.8; docs/options.md: timeouts.keepAlive',
    observes: ['timeouts.keepAlive'],
    async run(context) {
      const subject = await context.start({ tls: bothProtocols(context), timeouts: { keepAlive: 0 } })
      const connection = await openHttp2(subject)
      assert.equal((await connection.ask()).outcome, 'served')
      await connection.closedByPeer(3_000)
      assert.ok(connection.goaways() >= 1)
    },
  },
  {
    id: 'http2/headers-timeout/ends-what-never-becomes-a-request',
    level: 'MUST',
    requirement:
      'The server closes an HTTP/2 connection whose preface or first headers are not complete in time.',
    source: 'RFC 9113 section 10.5; docs/options.md: timeouts.headers',
    observes: ['timeouts.headers'],
    async run(context) {
      const subject = await context.start({ tls: bothProtocols(context), timeouts: { headers: '600ms' } })
      // HEADERS without END_HEADERS: the first half of a request.
      const half = frame({ type: 1, stream: 1, payload: Buffer.from([0x82]) })
      await Promise.all(
        [
          Buffer.alloc(0),
          preface.subarray(0, 10),
          Buffer.concat([preface, settings]),
          Buffer.concat([preface, settings, half]),
        ].map(async (start) => {
          const connection = await openBareHttp2(subject)
          connection.send(start)
          await closesWithin(connection, { fromMs: 400, toMs: 4_000 })
        }),
      )
    },
  },
  {
    id: 'http2/headers-timeout/ends-slow-headers-of-http-1.1-beside-h2',
    level: 'MUST',
    requirement: 'With h2 on, the server still ends a connection with slow HTTP/1.1 headers.',
    source: 'RFC 9110 section 15.5.9; docs/options.md: timeouts.headers',
    observes: ['timeouts.headers'],
    async run(context) {
      const subject = await context.start({ tls: bothProtocols(context), timeouts: { headers: '500ms' } })
      const connection = await openSecured({ ...subject, tls: { ALPNProtocols: ['http/1.1'] } })
      connection.send('GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ')
      await closesWithin(connection, { fromMs: 400, toMs: 4_000 })
      assert.match(connection.received(), /^HTTP\/1\.1 408 |^$/)
    },
  },
  {
    id: 'http2/request-timeout/ends-a-slow-body',
    level: 'MUST',
    requirement:
      'The server answers an HTTP/2 request that is not complete in time with 408, and serves others on the same connection.',
    source: 'RFC 9110 section 15.5.9; docs/options.md: timeouts.request',
    observes: ['timeouts.request'],
    async run(context) {
      const subject = await context.start({ tls: bothProtocols(context), timeouts: { request: '600ms' } })
      const connection = await openHttp2(subject)
      const started = performance.now()
      const slow = connection.ask({ method: 'POST', path: '/body', body: 'only this', unfinished: true })
      const beside = connection.ask({ path: '/slow?ms=1500' })
      assert.equal((await slow).status, 408)
      const endedMs = performance.now() - started
      assert.ok(endedMs >= 500 && endedMs < 4_000, `it was ended after ${endedMs} ms`)
      assert.equal((await beside).status, 200)
      connection.destroy()
    },
  },
  {
    id: 'http2/concurrency/one-more-gets-503',
    level: 'MUST',
    requirement: 'The server answers an HTTP/2 request over the concurrency limit with 503 and Retry-After.',
    source: 'RFC 9110 section 15.6.4; docs/options.md: limits.concurrency',
    observes: ['limits.concurrency'],
    async run(context) {
      const subject = await context.start({ tls: bothProtocols(context), limits: { concurrency: 1 } })
      const connection = await openHttp2(subject)
      const slow = connection.ask({ path: '/slow?ms=1000' })
      const refused = await connection.ask()
      assert.deepEqual([refused.status, refused.headers['retry-after']], [503, '1'])
      assert.equal((await slow).status, 200)
      assert.equal((await connection.ask()).status, 200)
      connection.destroy()
    },
  },
  {
    id: 'http2/header-bytes/larger-headers-get-431',
    level: 'MUST',
    requirement:
      'The server answers HTTP/2 headers above the size limit with 431, and accepts headers below it.',
    source: 'RFC 9113 section 10.5.1; docs/options.md: limits.headerBytes',
    observes: ['limits.headerBytes'],
    async run(context) {
      const headers = { 'x-large': 'x'.repeat(20 * 1_024) }
      const strict = await context.start({ tls: bothProtocols(context), limits: { headerBytes: '18KiB' } })
      assert.equal((await requestHttp2({ ...strict, headers })).status, 431)
      const generous = await context.start({ tls: bothProtocols(context), limits: { headerBytes: '32KiB' } })
      assert.equal((await requestHttp2({ ...generous, headers })).status, 200)
    },
  },
  {
    id: 'http2/header-count/more-headers-get-431',
    level: 'MUST',
    requirement:
      'The server accepts as many HTTP/2 headers as the limit, answers one more with 431, and never passes far more to the app.',
    source: 'RFC 6585 section 5; docs/options.md: limits.headerCount',
    observes: ['limits.headerCount'],
    async run(context) {
      const subject = await context.start({ tls: bothProtocols(context), limits: { headerCount: 10 } })
      const headers = (count: number): Record<string, string> =>
        Object.fromEntries(Array.from({ length: count }, (_, index) => [`x-${index}`, 'x']))
      // Host counts too, whatever it came as.
      assert.equal((await requestHttp2({ ...subject, headers: headers(9) })).status, 200)
      assert.equal((await requestHttp2({ ...subject, headers: headers(10) })).status, 431)
      assert.notEqual((await requestHttp2({ ...subject, headers: headers(60) })).status, 200)
    },
  },
  {
    id: 'http2/graceful-timeout/lets-requests-end-after-goaway',
    level: 'MUST',
    requirement: 'A server that stops sends GOAWAY to HTTP/2 clients, and completes the requests in flight.',
    source: 'RFC 9113 section 6.8; docs/options.md: timeouts.graceful',
    observes: ['timeouts.graceful'],
    async run(context) {
      const subject = await context.start({ tls: bothProtocols(context), timeouts: { graceful: '10s' } })
      const connection = await openHttp2(subject)
      const slow = connection.ask({ path: '/slow?ms=1500', deadlineMs: 8_000 })
      await poll(() => connection.ask({ path: '/in-flight' }), {
        until: ({ body }) => body === '{"slow":1}',
        what: 'the slow request to be in flight',
      })
      const tookMs = subject.stop()
      // When the case fails earlier, it is not awaited.
      tookMs.catch(() => undefined)
      assert.deepEqual([(await slow).outcome, (await slow).body], ['served', '{"waitedMs":1500}'])
      await connection.closedByPeer(3_000)
      assert.equal(connection.goaways(), 2, 'a first GOAWAY as a warning and a last one')
      assert.ok((await tookMs) < 6_000, `the stop took ${await tookMs} ms`)
    },
  },
  {
    id: 'http2/graceful-timeout/is-a-deadline',
    level: 'MUST',
    requirement: 'A server that stops cuts an HTTP/2 request that does not end within the graceful timeout.',
    source: 'docs/options.md: timeouts.graceful',
    observes: ['timeouts.graceful'],
    async run(context) {
      const subject = await context.start({ tls: bothProtocols(context), timeouts: { graceful: '600ms' } })
      const connection = await openHttp2(subject)
      const slow = connection.ask({ path: '/slow?ms=15000', deadlineMs: 12_000 })
      await poll(() => connection.ask({ path: '/in-flight' }), {
        until: ({ body }) => body === '{"slow":1}',
        what: 'the slow request to be in flight',
      })
      const tookMs = await subject.stop()
      assert.ok(tookMs < 5_000, `the stop took ${tookMs} ms`)
      assert.equal((await slow).outcome, 'refused')
    },
  },
  {
    id: 'http2/access-log/names-the-version',
    level: 'MUST',
    requirement: 'The access log names HTTP/2.0, and counts the bytes of the body once.',
    source: 'Apache HTTP Server 2.4, Log Files: combined',
    observes: ['accessLog.file'],
    async run(context) {
      const file = join(context.folder, 'access.log')
      const subject = await context.start({ tls: bothProtocols(context), accessLog: { file } })
      const { body } = await requestHttp2({ ...subject, path: '/pid' })
      const line = await poll(() => (existsSync(file) ? readFileSync(file, 'utf8') : ''), {
        until: (text) => text.endsWith('\n'),
        what: 'a line in the access log',
      })
      assert.match(line, new RegExp(`"GET /pid HTTP/2\\.0" 200 ${body.length} `))
    },
  },
  {
    id: 'http2/protocols/floods-end-their-connection',
    level: 'MUST',
    requirement:
      'The server closes the connection of a client that cancels each request at once or never ends its headers, and serves others.',
    source: 'CVE-2023-44487; CVE-2024-28182; RFC 9113 section 10.5',
    observes: ['tls.protocols'],
    async run(context) {
      const subject = await context.start({ tls: bothProtocols(context) })
      // GET, /, https and the authority "a", by the static table of RFC 7541.
      const headers = Buffer.from([0x82, 0x84, 0x87, 0x41, 0x01, 0x61])
      const cancel = Buffer.from([0, 0, 0, 8])
      const rapidResets = Array.from({ length: 4_000 }, (_, index) => {
        const stream = 2 * index + 1
        return Buffer.concat([
          frame({ type: 1, flags: 5, stream, payload: headers }),
          frame({ type: 3, stream, payload: cancel }),
        ])
      })
      const continuations = [
        frame({ type: 1, stream: 1, payload: headers }),
        ...Array.from({ length: 1_000 }, () => frame({ type: 9, stream: 1, payload: Buffer.alloc(0) })),
      ]
      for (const flood of [rapidResets, continuations]) {
        const connection = await openBareHttp2(subject)
        connection.send(Buffer.concat([preface, settings, ...flood]))
        await connection.closedByPeer(5_000)
      }
      assert.equal((await requestHttp2(subject)).status, 200)
    },
  },
]
