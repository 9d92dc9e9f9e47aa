import assert from 'node:assert/strict'
import { request } from '../../clients/http/node-client.ts'
import { slowHello } from '../../clients/tls/slow-hello.ts'
import type { ConformanceCase } from '../../conformance-case.ts'

export const tlsHandshakeCases: readonly ConformanceCase[] = [
  {
    id: 'tls/handshake-timeout/ends-a-silent-client',
    level: 'MUST',
    requirement:
      'The server closes a connection that sends nothing at the handshake timeout, and serves others meanwhile.',
    source: 'docs/options.md: tls.handshakeTimeout',
    observes: ['tls.handshakeTimeout'],
    async run({ start, certificates: { server } }) {
      const subject = await start({
        tls: { cert: server.certFile, key: server.keyFile, handshakeTimeout: '1s' },
      })
      const silent = slowHello({ ...subject, bytes: 0, deadlineMs: 8_000 })
      assert.equal((await request({ ...subject, tls: {} })).status, 200)
      assert.ok((await silent) !== null, 'the silent client was never cut off')
    },
  },
  {
    id: 'tls/handshake-timeout/ends-a-client-that-drips',
    level: 'MUST',
    requirement: 'A client that sends its ClientHello byte by byte does not extend the handshake timeout.',
    source: 'docs/options.md: tls.handshakeTimeout',
    observes: ['tls.handshakeTimeout'],
    async run({ start, certificates: { server } }) {
      const subject = await start({
        tls: { cert: server.certFile, key: server.keyFile, handshakeTimeout: '1s' },
      })
      // It would go on for 50 seconds.
      const ms = await slowHello({ ...subject, bytes: 1_000, deadlineMs: 8_000 })
      assert.ok(ms !== null, 'the dripping client was never cut off')
      assert.ok(ms >= 900, `it was cut off after ${ms} ms, before the timeout`)
    },
  },
]
