import assert from 'node:assert/strict'
import { request } from '../clients/node-client.ts'
import { openRaw } from '../clients/raw-connection.ts'
import type { ConformanceCase } from '../conformance-case.ts'

export const httpsCases: readonly ConformanceCase[] = [
  {
    id: 'https/plain-http/gets-a-400-that-says-so',
    level: 'SHOULD',
    requirement:
      'Plain HTTP to a TLS port gets a short 400 that names the mistake, and the connection is closed.',
    source: 'RFC 9110 section 15.5.1; as nginx and Caddy do',
    observes: ['tls.cert'],
    async run({ start, certificates }) {
      const subject = await start({
        tls: { cert: certificates.server.certFile, key: certificates.server.keyFile },
      })
      for (const method of ['GET', 'POST', 'DELETE']) {
        const connection = await openRaw(subject)
        connection.send(`${method} / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n`)
        await connection.closedByPeer(5_000)
        assert.match(
          connection.received(),
          /^HTTP\/1\.1 400 [\s\S]*\r\nConnection: close\r\n[\s\S]*HTTPS/i,
          method,
        )
      }
      assert.equal((await request({ ...subject, tls: {} })).status, 200)
    },
  },
]
