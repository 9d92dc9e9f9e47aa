import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { request } from '../../clients/http/node-client.ts'
import { openRaw } from '../../clients/http/raw-connection.ts'
import { poll } from '../../clients/poll.ts'
import type { ConformanceCase } from '../../conformance-case.ts'

const get = 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'

export const limitCases: readonly ConformanceCase[] = [
  {
    id: 'limits/keep-alive/idle-connection-is-kept-and-then-closed',
    level: 'MUST',
    requirement: 'The server keeps an idle connection for the keep-alive time, and closes it soon after.',
    source: 'RFC 9112 section 9.3; docs/options.md: timeouts.keepAlive',
    observes: ['timeouts.keepAlive'],
    async run({ start }) {
      const subject = await start({ timeouts: { keepAlive: '700ms' } })
      const connection = await openRaw(subject)
      connection.send(get)
      await connection.until('}', 5_000)
      const { sinceSentMs: keptMs } = await connection.closedByPeer(6_000)
      // Node adds a second to what it announces, so that a request which is on its way does not meet a closing connection.
      assert.ok(keptMs >= 600 && keptMs < 4_000, `it was kept for ${keptMs} ms`)
    },
  },
  {
    id: 'limits/keep-alive/zero-closes-after-each-answer',
    level: 'MUST',
    requirement:
      'With a keep-alive time of zero, each answer says Connection: close, and the server closes the connection after it.',
    source: 'RFC 9112 section 9.6; docs/options.md: timeouts.keepAlive',
    observes: ['timeouts.keepAlive'],
    async run({ start }) {
      const subject = await start({ timeouts: { keepAlive: 0 } })
      const connection = await openRaw(subject)
      connection.send(get)
      await connection.closedByPeer(3_000)
      assert.match(connection.received(), /^HTTP\/1\.1 200 [\s\S]*\r\nConnection: close\r\n/i)
    },
  },
  {
    id: 'limits/headers-timeout/ends-slow-headers',
    level: 'MUST',
    requirement: 'The server refuses a client that does not complete its headers in time.',
    source: 'RFC 9110 section 15.5.9; docs/options.md: timeouts.headers',
    observes: ['timeouts.headers'],
    async run({ start }) {
      const subject = await start({ timeouts: { headers: '500ms' } })
      const connection = await openRaw(subject)
      connection.send('GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ')
      const { sinceBegunMs: closedMs } = await connection.closedByPeer(6_000)
      assert.ok(closedMs >= 400 && closedMs < 4_000, `it was closed after ${closedMs} ms`)
      assert.match(connection.received(), /^HTTP\/1\.1 408 |^$/)
    },
  },
  {
    id: 'limits/request-timeout/ends-a-slow-body',
    level: 'MUST',
    requirement: 'The server refuses a client that does not complete its request in time.',
    source: 'RFC 9110 section 15.5.9; docs/options.md: timeouts.request',
    observes: ['timeouts.request'],
    async run({ start }) {
      const subject = await start({ timeouts: { request: '600ms' } })
      const connection = await openRaw(subject)
      connection.send('POST /body HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nonly this')
      const { sinceBegunMs: closedMs } = await connection.closedByPeer(6_000)
      assert.ok(closedMs >= 400 && closedMs < 4_000, `it was closed after ${closedMs} ms`)
    },
  },
  {
    id: 'limits/send-timeout/an-answer-nobody-takes-is-cut',
    level: 'MUST',
    requirement:
      'The server cuts an answer when the client reads nothing of it for the send timeout, and no answer that the client reads.',
    source: 'docs/options.md: timeouts.send',
    observes: ['timeouts.send'],
    async run({ start, folder }) {
      const file = join(folder, 'access.log')
      const subject = await start({ timeouts: { send: '600ms' }, accessLog: { file, format: 'json' } })
      const connection = await openRaw(subject)
      connection.pause()
      connection.send('GET /large-in-pieces HTTP/1.1\r\nHost: localhost\r\n\r\n')
      const line = await poll(() => (existsSync(file) ? readFileSync(file, 'utf8') : ''), {
        until: (text) => text.includes('/large-in-pieces'),
        what: 'the end of the answer in the access log',
      })
      connection.destroy()
      const { target, complete } = JSON.parse(line) as Record<string, unknown>
      assert.deepEqual({ target, complete }, { target: '/large-in-pieces', complete: false })
      assert.equal((await request({ ...subject, path: '/large-in-pieces' })).body.length, 24 * 2 ** 20)
    },
  },
  {
    id: 'limits/connections/one-more-is-closed',
    level: 'MUST',
    requirement:
      'The server closes a connection above the limit without an answer, and serves those below it.',
    source: 'docs/options.md: limits.connections',
    observes: ['limits.connections'],
    async run({ start }) {
      const subject = await start({ limits: { connections: 2 }, timeouts: { keepAlive: '1m' } })
      const held = [await openRaw(subject), await openRaw(subject)]
      for (const connection of held) {
        connection.send(get)
        await connection.until('}', 5_000)
      }
      const third = await openRaw(subject)
      third.send(get)
      await third.closedByPeer(3_000)
      assert.equal(third.received(), '')
      held[0]?.destroy()
      await poll(() => request({ ...subject }), {
        until: ({ status }) => status === 200,
        what: 'room for one more after one has left',
      })
    },
  },
  {
    id: 'limits/concurrency/one-more-gets-503',
    level: 'MUST',
    requirement:
      'The server answers a request above the limit with 503 and Retry-After, and does not pass it to the app.',
    source: 'RFC 9110 section 15.6.4; docs/options.md: limits.concurrency',
    observes: ['limits.concurrency'],
    async run({ start }) {
      const subject = await start({ limits: { concurrency: 1 } })
      const slow = request({ ...subject, path: '/slow?ms=1500' })
      const refused = await poll(() => request({ ...subject }), {
        until: ({ status }) => status === 503,
        deadlineMs: 1_400,
        what: 'a 503 beside a request in flight',
      })
      assert.match(refused.headers['retry-after'] ?? '', /^\d+$/)
      assert.equal((await slow).status, 200)
      assert.equal((await request({ ...subject })).status, 200)
    },
  },
  {
    id: 'limits/header-bytes/larger-headers-get-431',
    level: 'MUST',
    requirement: 'The server answers headers above the size limit with 431, and accepts headers below it.',
    source: 'RFC 6585 section 5; docs/options.md: limits.headerBytes',
    observes: ['limits.headerBytes'],
    async run({ start }) {
      const large = [['X-Large', 'x'.repeat(20 * 1_024)]] as const
      const strict = await start({ limits: { headerBytes: '4KiB' } })
      assert.equal((await request({ ...strict, headers: [['X-Large', 'x'.repeat(5 * 1_024)]] })).status, 431)
      const generous = await start({ limits: { headerBytes: '32KiB' } })
      assert.equal((await request({ ...generous, headers: large })).status, 200)
    },
  },
  {
    id: 'limits/header-count/more-headers-get-431',
    level: 'MUST',
    requirement:
      'The server accepts as many headers as the limit without dropping any, and answers more with 431.',
    source: 'RFC 6585 section 5; docs/options.md: limits.headerCount',
    observes: ['limits.headerCount'],
    async run({ start }) {
      const subject = await start({ limits: { headerCount: 10 } })
      const headers = (count: number): [string, string][] =>
        Array.from({ length: count }, (_, index) => [`X-${index}`, 'x'])
      // Host and Connection count too.
      assert.equal((await request({ ...subject, headers: headers(8) })).status, 200)
      assert.equal((await request({ ...subject, headers: headers(9) })).status, 431)
    },
  },
]
