import assert from 'node:assert/strict'
import { freePort } from '../../clients/free-port.ts'
import { request } from '../../clients/http/node-client.ts'
import type { ConformanceCase } from '../../conformance-case.ts'

export const redirectPortCases: readonly ConformanceCase[] = [
  {
    id: 'https/redirect-port/leads-to-the-port-that-clients-know',
    level: 'MUST',
    requirement:
      'A redirect leads to the configured port instead of the bound one, and names no port if it is 443.',
    source: 'RFC 9110 section 4.2.2; docs/options.md: tls.redirectPort',
    observes: ['tls.redirectPort'],
    async run({ start, certificates: { server } }) {
      const expected = [
        { redirectPort: 443, location: 'https://localhost/a?b' },
        { redirectPort: 9443, location: 'https://localhost:9443/a?b' },
      ]
      for (const { redirectPort, location } of expected) {
        const port = await freePort()
        const redirect = `127.0.0.1:${port}`
        await start({ tls: { cert: server.certFile, key: server.keyFile, redirect, redirectPort } })
        const seen = await request({
          host: '127.0.0.1',
          port,
          path: '/a?b',
          headers: [['Host', 'localhost']],
        })
        assert.deepEqual([seen.status, seen.headers['location']], [308, location])
      }
    },
  },
]
