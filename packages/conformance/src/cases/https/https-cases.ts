import assert from 'node:assert/strict'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { requestHttp2 } from '../../clients/http/http2-client.ts'
import { request } from '../../clients/http/node-client.ts'
import { openRaw } from '../../clients/http/raw-connection.ts'
import { poll } from '../../clients/poll.ts'
import { openSecured } from '../../clients/tls/secured-connection.ts'
import type { ConformanceCase } from '../../conformance-case.ts'
import { bothProtocols } from '../both-protocols.ts'

export const httpsCases: readonly ConformanceCase[] = [
  {
    id: 'https/plain-http/gets-a-400-that-says-so',
    level: 'SHOULD',
    requirement:
      'A TLS port answers plain HTTP with a short 400 that names the mistake, and closes the connection.',
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
  {
    id: 'https/hsts/is-sent-over-tls',
    level: 'MUST',
    requirement:
      'Every response over TLS has the configured Strict-Transport-Security header, over each version of HTTP.',
    source: 'RFC 6797 section 7.1',
    observes: ['tls.hsts'],
    async run(context) {
      const subject = await context.start({
        tls: { ...bothProtocols(context), hsts: '365d includeSubDomains preload' },
        limits: { headerCount: 10 },
      })
      const expected = 'max-age=31536000; includeSubDomains; preload'
      const name = 'strict-transport-security'
      assert.equal((await request({ ...subject, tls: {} })).headers[name], expected)
      assert.equal((await requestHttp2(subject)).headers[name], expected)
      const headers = Array.from({ length: 11 }, (_, index) => [`X-${index}`, 'x'] as const)
      const refused = await request({ ...subject, headers, tls: {} })
      assert.deepEqual([refused.status, refused.headers[name]], [431, expected])
    },
  },
  {
    id: 'https/hsts/is-off-unless-asked-for',
    level: 'MUST',
    requirement: 'The server sends no Strict-Transport-Security by default, nor over plain HTTP.',
    source: 'RFC 6797 section 7.2; docs/options.md: tls.hsts',
    observes: ['tls.hsts'],
    async run({ start, startRefused, certificates }) {
      const { certFile: cert, keyFile: key } = certificates.server
      const quiet = await start({ tls: { cert, key } })
      assert.equal((await request({ ...quiet, tls: {} })).headers['strict-transport-security'], undefined)
      assert.equal((await startRefused({ tls: { hsts: '1h' } })).code, 'LOCKSTEP_ERR_TLS_WITHOUT_CERT')
    },
  },
  {
    id: 'https/keylog/holds-the-secrets-of-each-connection',
    level: 'MUST',
    requirement: "The key log holds the same secrets as the client's, in a file that other users can't read.",
    source: 'docs/options.md: tls.keylog',
    observes: ['tls.keylog'],
    async run({ start, certificates, folder, runtime }) {
      const { certFile: cert, keyFile: key } = certificates.server
      const keylog = join(folder, 'keys.log')
      writeFileSync(keylog, '', { mode: 0o644 })
      const subject = await start({ tls: { cert, key, keylog } })
      for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
        const connection = await openSecured({
          ...subject,
          tls: { minVersion: version, maxVersion: version },
        })
        const secrets = connection.secrets()
        assert.ok(secrets.length > 0)
        await poll(() => readFileSync(keylog, 'utf8').split('\n'), {
          until: (lines) => secrets.every((line) => lines.includes(line)),
          what: `the secrets of a connection of ${version} in the key log`,
        })
        connection.destroy()
      }
      if (runtime.platform !== 'win32') assert.equal(statSync(keylog).mode & 0o777, 0o600)
    },
  },
]
