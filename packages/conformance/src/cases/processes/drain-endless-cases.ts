import assert from 'node:assert/strict'
import { fileURLToPath } from 'node:url'
import { openHttp2 } from '../../clients/http/http2-client.ts'
import { openRaw } from '../../clients/http/raw-connection.ts'
import type { ConformanceCase } from '../../conformance-case.ts'
import { bothProtocols } from '../both-protocols.ts'

const app = fileURLToPath(new URL('../../apps/endless-app.js', import.meta.url))
const timeouts = { graceful: '15s' } as const

export const drainEndlessCases: readonly ConformanceCase[] = [
  {
    id: 'processes/drain/event-streams-end-in-order',
    level: 'MUST',
    requirement:
      'A server that stops completes an event stream, so that its client reconnects, even if the app keeps writing.',
    source: 'WHATWG HTML section 9.2.3; RFC 9112 section 7.1',
    observes: ['timeouts.graceful'],
    async run({ start }) {
      const subject = await start({ app, timeouts })
      const connection = await openRaw(subject)
      connection.send('GET / HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n')
      await connection.until('data: 3\n', 5_000)
      const tookMs = await subject.stop()
      await connection.closedByPeer(1_000)
      assert.match(connection.received(), /\r\n0\r\n\r\n$/, 'the last chunk is missing')
      assert.ok(tookMs < 8_000, `stopping took ${tookMs} ms`)
    },
  },
  {
    id: 'processes/drain/event-streams-end-in-order-over-h2',
    level: 'MUST',
    requirement: 'Over HTTP/2, a server that stops ends an event stream without an error.',
    source: 'WHATWG HTML section 9.2.3; RFC 9113 section 8.1',
    observes: ['timeouts.graceful'],
    async run(context) {
      const subject = await context.start({ app, timeouts, tls: bothProtocols(context) })
      const connection = await openHttp2(subject)
      const begun = Promise.withResolvers<void>()
      const asked = connection.ask({ path: '/', deadlineMs: 12_000, onHead: begun.resolve })
      await Promise.race([begun.promise, asked])
      const tookMs = await subject.stop()
      const { code, outcome } = await asked
      assert.deepEqual([code, outcome], ['NGHTTP2_NO_ERROR', 'served'])
      assert.ok(tookMs < 8_000, `stopping took ${tookMs} ms`)
    },
  },
  {
    id: 'processes/drain/websockets-are-told',
    level: 'MUST',
    requirement:
      'A server that stops sends a WebSocket a Close frame with 1001 and a reason after the current message, and then ends the connection.',
    source: 'RFC 6455 sections 5.5.1, 7.1.1 and 7.4.1',
    observes: ['timeouts.graceful'],
    async run({ start }) {
      const subject = await start({ app, timeouts })
      const connection = await openRaw(subject)
      connection.send(
        'GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
      )
      await connection.until('messages', 5_000)
      const stopping = subject.stop()
      stopping.catch(() => undefined)
      await connection.closedByPeer(8_000)
      await stopping
      const [, ...frames] = connection.received().split('\r\n\r\n')
      const rest = frames.join('\r\n\r\n').replaceAll('\x81\x08messages', '')
      // Opcode, length, code, reason.
      assert.deepEqual(
        [rest.slice(0, 1), rest.charCodeAt(1), rest.slice(2, 4), rest.length > 4],
        ['\x88', rest.length - 2, '\x03\xe9', true],
        `behind its messages came ${JSON.stringify(rest)}`,
      )
    },
  },
]
