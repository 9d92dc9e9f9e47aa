import assert from 'node:assert/strict'
import { request } from '../../clients/http/node-client.ts'
import { openRaw } from '../../clients/http/raw-connection.ts'
import { poll } from '../../clients/poll.ts'
import type { ConformanceCase } from '../../conformance-case.ts'

const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`

export const drainCases: readonly ConformanceCase[] = [
  {
    id: 'processes/drain/idle-connections-do-not-hold-it',
    level: 'MUST',
    requirement: 'An idle connection that a client keeps open does not delay a stop.',
    source: 'docs/options.md: timeouts.graceful',
    observes: ['timeouts.graceful'],
    async run({ start }) {
      const subject = await start({ timeouts: { graceful: '20s', keepAlive: '1m' } })
      const connection = await openRaw(subject)
      connection.send(get('/'))
      await connection.until('}', 5_000)
      const tookMs = await subject.stop()
      assert.ok(tookMs < 8_000, `stopping took ${tookMs} ms`)
      await connection.closedByPeer(1_000)
    },
  },
  {
    id: 'processes/drain/the-last-answer-says-close',
    level: 'MUST',
    requirement: 'A server that stops answers a request on an open connection with Connection: close.',
    source: 'RFC 9112 section 9.6',
    observes: ['timeouts.graceful'],
    async run({ start }) {
      const subject = await start({ timeouts: { graceful: '10s', keepAlive: '1m' } })
      const slow = request({ ...subject, path: '/slow?ms=1500' })
      const connection = await openRaw(subject)
      await poll(async () => (await request({ ...subject, path: '/in-flight' })).body, {
        until: (body) => body.includes('"slow":1'),
        what: 'the request to be in flight',
      })
      const stopping = subject.stop()
      // When the case fails earlier, it is not awaited.
      stopping.catch(() => undefined)
      // A worker learns of the stop a moment later than the primary. Until then its answers prove nothing.
      for (let count = 0; !/\r\nConnection: close\r\n/i.test(connection.received()); count += 1) {
        connection.send(get(`/request-${count}`))
        await connection.until(`"/request-${count}"`, 2_000)
      }
      await connection.closedByPeer(8_000)
      await stopping
      assert.equal((await slow).status, 200)
    },
  },
]
