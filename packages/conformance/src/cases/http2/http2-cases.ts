import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { requestHttp2 } from '../../clients/http/http2-client.ts'
import { request } from '../../clients/http/node-client.ts'
import { openSecured } from '../../clients/tls/secured-connection.ts'
import type { ConformanceCase } from '../../conformance-case.ts'
import { bothProtocols } from '../both-protocols.ts'

const upgradingApp = fileURLToPath(new URL('../../apps/upgrading-app.js', import.meta.url))

export const http2Cases: readonly ConformanceCase[] = [
  {
    id: 'http2/protocols/h2-is-negotiated-and-served',
    level: 'MUST',
    requirement:
      'The server serves a client that offers h2 over HTTP/2, and the app sees method, path and host.',
    source: 'RFC 9113 section 3.2; RFC 7301 section 3.2',
    observes: ['tls.protocols'],
    async run(context) {
      const subject = await context.start({ tls: bothProtocols(context) })
      const seen = await requestHttp2({
        ...subject,
        path: '/exchange?x=1',
        method: 'POST',
        body: 'twelve bytes',
      })
      assert.deepEqual(
        [seen.status, JSON.parse(seen.body)],
        [
          200,
          {
            // A proxy speaks HTTP/1.1 to the program.
            httpVersion: context.isFront ? '1.1' : '2.0',
            method: 'POST',
            url: '/exchange?x=1',
            host: `localhost:${subject.port}`,
            bytes: 12,
          },
        ],
      )
    },
  },
  {
    id: 'http2/protocols/curl-speaks-h2',
    level: 'MUST',
    requirement:
      'The server serves curl over HTTP/2 when curl offers both versions, and over HTTP/1.1 when curl asks for that.',
    source: 'RFC 7301 section 3.2',
    observes: ['tls.protocols'],
    needs: ['curl'],
    async run(context) {
      const { host, port } = await context.start({ tls: bothProtocols(context) })
      const version = (flag: string): string =>
        execFileSync(
          'curl',
          [
            '-sk',
            '-m',
            '5',
            flag,
            '-o',
            process.platform === 'win32' ? 'NUL' : '/dev/null',
            '-w',
            '%{http_code} %{http_version}',
            `https://${host}:${port}/`,
          ],
          { encoding: 'utf8' },
        )
      assert.equal(version('--http2'), '200 2')
      assert.equal(version('--http1.1'), '200 1.1')
    },
  },
  {
    id: 'http2/protocols/http-1.1-beside-it',
    level: 'MUST',
    requirement:
      'With both protocols, the server serves a client that offers http/1.1 or no ALPN over HTTP/1.1.',
    source: 'RFC 7301 section 3.2',
    observes: ['tls.protocols'],
    async run(context) {
      const subject = await context.start({ tls: bothProtocols(context) })
      const named = await request({ ...subject, path: '/exchange', tls: { ALPNProtocols: ['http/1.1'] } })
      assert.deepEqual([named.tls?.alpn, JSON.parse(named.body).httpVersion], ['http/1.1', '1.1'])
      const silent = await openSecured(subject)
      silent.send('GET /exchange HTTP/1.1\r\nHost: localhost\r\n\r\n')
      await silent.until('"httpVersion":"1.1"', 5_000)
      assert.equal(silent.alpn, null)
      silent.destroy()
    },
  },
  {
    id: 'http2/protocols/two-hosts-are-refused',
    level: 'SHOULD',
    requirement: 'The server answers a request over HTTP/2 with 400 if its Host differs from its authority.',
    source: 'RFC 9113 section 8.3.1',
    observes: ['tls.protocols'],
    async run(context) {
      const subject = await context.start({ tls: bothProtocols(context) })
      const authority = `localhost:${subject.port}`
      const naming = (host: string): Record<string, string> => ({ ':authority': authority, host })
      assert.equal((await requestHttp2({ ...subject, headers: naming(authority) })).status, 200)
      assert.equal((await requestHttp2({ ...subject, headers: naming('other.example') })).status, 400)
    },
  },
  {
    id: 'http2/protocols/others-get-an-alert',
    level: 'MUST',
    requirement:
      'The server sends the alert no_application_protocol to a client that offers only other protocols.',
    source: 'RFC 7301 section 3.2',
    observes: ['tls.protocols'],
    async run(context) {
      const refused = /no.application.protocol/i
      const { protocols: _, ...pair } = bothProtocols(context)
      const byDefault = await context.start({ tls: pair })
      await assert.rejects(openSecured({ ...byDefault, tls: { ALPNProtocols: ['h2'] } }), refused)
      const withBoth = await context.start({ tls: bothProtocols(context) })
      await assert.rejects(openSecured({ ...withBoth, tls: { ALPNProtocols: ['spdy/3'] } }), refused)
    },
  },
  {
    id: 'http2/protocols/h2-alone',
    level: 'MUST',
    requirement:
      'With h2 alone, the server sends the alert to a client that offers http/1.1, and 505 to one without ALPN.',
    source: 'RFC 7301 section 3.2; RFC 9110 section 15.6.6',
    observes: ['tls.protocols'],
    async run(context) {
      const subject = await context.start({ tls: { ...bothProtocols(context), protocols: 'h2' } })
      assert.equal((await requestHttp2(subject)).status, 200)
      await assert.rejects(
        openSecured({ ...subject, tls: { ALPNProtocols: ['http/1.1'] } }),
        /no.application.protocol/i,
      )
      const silent = await openSecured(subject)
      silent.send('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
      await silent.closedByPeer(5_000)
      assert.match(silent.received(), /^HTTP\/1\.1 505 /)
    },
  },
  {
    id: 'http2/web-socket/upgrades-beside-h2',
    level: 'MUST',
    requirement: 'With h2 on, the server still upgrades a connection over HTTP/1.1.',
    source: 'RFC 9110 section 7.8; nodejs/node#59924',
    observes: ['tls.protocols'],
    async run(context) {
      const subject = await context.start({ app: upgradingApp, tls: bothProtocols(context) })
      const connection = await openSecured({ ...subject, tls: { ALPNProtocols: ['http/1.1'] } })
      connection.send('GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n')
      await connection.until('101 Switching Protocols', 5_000)
      connection.send('to and fro')
      await connection.until('to and fro', 5_000)
      connection.destroy()
    },
  },
]
