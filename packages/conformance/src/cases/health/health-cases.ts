import assert from 'node:assert/strict'
import { openHttp2, requestHttp2 } from '../../clients/http/http2-client.ts'
import { request } from '../../clients/http/node-client.ts'
import { openRaw } from '../../clients/http/raw-connection.ts'
import { poll } from '../../clients/poll.ts'
import type { ConformanceCase } from '../../conformance-case.ts'
import type { Subject } from '../../subject/subject.ts'
import { bothProtocols } from '../both-protocols.ts'

const health = { ready: '/health/ready', live: '/health/live' }

export const healthCases: readonly ConformanceCase[] = [
  {
    id: 'health/ready/is-answered-before-the-app',
    level: 'MUST',
    requirement:
      'The server itself answers the readiness path with 200, and forbids caches to store the answer.',
    source: 'docs/options.md: health.ready; RFC 9111 section 5.2.2.5',
    observes: ['health.ready'],
    async run({ start }) {
      const subject = await start({ health })
      const seen = await request({ ...subject, path: '/health/ready?probe=1' })
      assert.deepEqual([seen.status, seen.body], [200, 'ready\n'])
      assert.equal(seen.headers['cache-control'], 'no-store')
    },
  },
  {
    id: 'health/live/is-answered-before-the-app',
    level: 'MUST',
    requirement:
      'The server itself answers the liveness path with 200, and forbids caches to store the answer.',
    source: 'docs/options.md: health.live; RFC 9111 section 5.2.2.5',
    observes: ['health.live'],
    async run({ start }) {
      const subject = await start({ health })
      const seen = await request({ ...subject, path: '/health/live' })
      assert.deepEqual([seen.status, seen.body], [200, 'live\n'])
      assert.equal(seen.headers['cache-control'], 'no-store')
    },
  },
  {
    id: 'health/ready/over-h2',
    level: 'MUST',
    requirement: 'The server answers readiness and liveness over HTTP/2 as over HTTP/1.1.',
    source: 'docs/options.md: health.ready, health.live',
    observes: ['health.ready', 'health.live'],
    async run(context) {
      const subject = await context.start({ health, tls: bothProtocols(context) })
      for (const [name, path] of Object.entries(health)) {
        const { status, body, headers } = await requestHttp2({ ...subject, path })
        assert.deepEqual([status, body, headers['cache-control']], [200, `${name}\n`, 'no-store'])
      }
    },
  },
  {
    id: 'health/ready/leaves-the-rest-to-the-app',
    level: 'MUST',
    requirement:
      'The app answers all other paths and methods, and also the health paths if they are not set.',
    source: 'docs/options.md: health.ready, health.live',
    observes: ['health.ready', 'health.live'],
    async run({ start }) {
      const subject = await start({ health })
      for (const path of ['/health/ready/more', '/health', '/health/live/', '/']) {
        const { status, body } = await request({ ...subject, path })
        assert.deepEqual([status, (JSON.parse(body) as { path: string }).path], [200, path])
      }
      const posted = await openRaw(subject)
      posted.send(`POST ${health.ready} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n`)
      await posted.until(`"path":"${health.ready}"`, 5_000)
      posted.destroy()
      const unset = await start()
      assert.match((await request({ ...unset, path: health.ready })).body, /"app":"observable"/)
    },
  },
  {
    id: 'health/ready/is-no-matter-of-the-concurrency-limit',
    level: 'MUST',
    requirement:
      'A server that refuses requests over its concurrency limit still reports that it is ready and alive.',
    source: 'docs/options.md: health.ready, limits.concurrency',
    observes: ['health.ready', 'health.live'],
    async run({ start }) {
      const subject = await start({ health, limits: { concurrency: 1 } })
      const slow = request({ ...subject, path: '/slow?ms=1500' })
      await poll(async () => (await request({ ...subject, path: '/' })).status, {
        until: (status) => status === 503,
        what: 'the limit to turn a request away',
      })
      for (const path of Object.values(health))
        assert.equal((await request({ ...subject, path })).status, 200)
      assert.equal((await slow).status, 200)
    },
  },
  {
    id: 'health/ready/says-no-as-soon-as-a-stop-begins',
    level: 'MUST',
    requirement:
      'When a stop begins, readiness answers 503 with Retry-After in every worker, while liveness and, for the drain delay, the app still answer 200.',
    source: 'docs/options.md: health.ready, timeouts.drainDelay; RFC 9110 section 15.6.4',
    observes: ['health.ready', 'health.live', 'timeouts.drainDelay'],
    async run(context) {
      const tls = bothProtocols(context)
      const subject = await context.start({ health, tls, timeouts: { drainDelay: '2s', graceful: '5s' } })
      const kept = await openHttp2(subject)
      assert.equal((await kept.ask({ path: health.ready })).status, 200)
      const stopping = beginStop(subject)
      const over = { ...subject, tls: {} }
      const turned = await poll(() => request({ ...over, path: health.ready }), {
        until: ({ status }) => status === 503,
        what: 'readiness to say 503',
      })
      assert.deepEqual([turned.body, turned.headers['cache-control']], ['stopping\n', 'no-store'])
      assert.match(String(turned.headers['retry-after']), /^\d+$/)
      assert.equal((await kept.ask({ path: health.ready })).status, 503)
      assert.equal((await request({ ...over, path: health.live })).status, 200)
      assert.equal((await request({ ...over, path: '/' })).status, 200)
      assert.equal((await kept.ask({ path: '/' })).status, 200)
      const tookMs = await stopping
      assert.ok(tookMs >= 1_900 && tookMs < 6_000, `stopping took ${tookMs} ms`)
    },
  },
  {
    id: 'health/drain-delay/new-connections-are-taken',
    level: 'MUST',
    requirement: 'During the drain delay the server still accepts new connections and keeps them open.',
    source: 'docs/options.md: timeouts.drainDelay',
    observes: ['timeouts.drainDelay'],
    async run({ start }) {
      const subject = await start({ health, timeouts: { drainDelay: '1500ms' } })
      const stopping = beginStop(subject)
      await poll(async () => (await request({ ...subject, path: health.ready })).status, {
        until: (status) => status === 503,
        what: 'the stop to begin',
      })
      const connection = await openRaw(subject)
      connection.send('GET /during HTTP/1.1\r\nHost: localhost\r\n\r\n')
      await connection.until('"path":"/during"', 2_000)
      assert.doesNotMatch(connection.received(), /\r\nConnection: close\r\n/i)
      await connection.closedByPeer(8_000)
      await stopping
      assert.equal((await request({ ...subject })).outcome, 'refused')
    },
  },
]

/** A look at what happens meanwhile may fail before the end of the stop, which then fails too. */
function beginStop(subject: Subject): ReturnType<Subject['stop']> {
  const stopping = subject.stop()
  stopping.catch(() => undefined)
  return stopping
}
