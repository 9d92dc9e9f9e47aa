import assert from 'node:assert/strict'
import type { CaseContext } from '../../case-context.ts'
import { freePort } from '../../clients/free-port.ts'
import { request } from '../../clients/http/node-client.ts'
import { openRaw } from '../../clients/http/raw-connection.ts'
import type { ConformanceCase } from '../../conformance-case.ts'
import type { Subject } from '../../subject/subject.ts'

/** A subject with TLS, and the port of its redirect listener. */
async function startWithRedirect({
  start,
  certificates,
}: CaseContext): Promise<{ subject: Subject; redirect: { host: string; port: number } }> {
  const port = await freePort()
  const { certFile: cert, keyFile: key } = certificates.server
  const subject = await start({
    tls: { cert, key, hsts: '1h', redirect: `127.0.0.1:${port}` },
    workers: 1,
  })
  return { subject, redirect: { host: '127.0.0.1', port } }
}

/** What comes back for these bytes, up to the end of the connection. */
async function answerTo(server: { host: string; port: number }, bytes: string): Promise<string> {
  const connection = await openRaw(server)
  connection.send(bytes)
  await connection.closedByPeer(5_000)
  return connection.received()
}

const get = (target: string, ...headers: string[]): string =>
  [`GET ${target} HTTP/1.1`, ...headers, '', ''].join('\r\n')

export const redirectCases: readonly ConformanceCase[] = [
  {
    id: 'https/redirect/keeps-method-host-and-path',
    level: 'MUST',
    requirement:
      'The redirect address answers plain HTTP with 308 to the same host and target on the HTTPS port, without HSTS.',
    source: 'RFC 9110 section 15.4.9; RFC 6797 section 7.2; docs/options.md: tls.redirect',
    observes: ['tls.redirect'],
    async run(context) {
      const { subject, redirect } = await startWithRedirect(context)
      const seen = await request({
        ...redirect,
        path: '/a/b?c=d&e=%2F',
        headers: [['Host', `LocalHost:${redirect.port}`]],
      })
      assert.deepEqual(
        [seen.status, seen.headers['location'], seen.headers['strict-transport-security']],
        [308, `https://localhost:${subject.port}/a/b?c=d&e=%2F`, undefined],
      )
      const posted = await answerTo(
        redirect,
        'POST /form HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 2\r\n\r\nab',
      )
      assert.match(
        posted,
        new RegExp(
          `^HTTP/1\\.1 308 [\\s\\S]*\\r\\nLocation: https://127\\.0\\.0\\.1:${subject.port}/form\\r\\n`,
        ),
      )
      // It leads to where the app is.
      assert.equal((await request({ ...subject, path: '/pid', tls: {} })).status, 200)
    },
  },
  {
    id: 'https/redirect/is-not-open-to-other-hosts',
    level: 'MUST',
    requirement:
      'The redirect address answers 421 for a host without a served certificate and 400 for an unclear host, and redirects neither.',
    source: 'RFC 9110 sections 7.2 and 15.5.20; RFC 9112 section 3.2; CWE-601',
    observes: ['tls.redirect'],
    async run(context) {
      const { redirect } = await startWithRedirect(context)
      const expected: readonly (readonly [number, string])[] = [
        [421, get('/', 'Host: evil.example')],
        [421, get('/', 'Host: localhost.evil.example')],
        [421, get('/', 'Host: 127.0.0.2')],
        [421, get('http://evil.example/', 'Host: localhost')],
        [400, get('/')],
        [400, get('/', 'Host: ')],
        [400, get('/', 'Host: localhost', 'Host: evil.example')],
        [400, get('/', 'Host: localhost@evil.example')],
        [400, get('/', 'Host: localhost/evil.example')],
        [400, get('/', 'Host: localhost:80:80')],
        [400, get('/', 'Host: [localhost]')],
        [400, get('http://localhost@evil.example/', 'Host: localhost')],
        [400, get('*', 'Host: localhost')],
        [400, 'GET / HTTP/1.0\r\n\r\n'],
      ]
      for (const [status, bytes] of expected) {
        const answer = await answerTo(redirect, bytes)
        assert.match(answer, new RegExp(`^HTTP/1\\.1 ${status} `), JSON.stringify([bytes, answer]))
        assert.doesNotMatch(answer, /^location:/im)
      }
    },
  },
  {
    id: 'https/redirect/has-no-app-behind-it',
    level: 'MUST',
    requirement: 'The redirect address passes nothing to the app, neither requests nor upgrades.',
    source: 'docs/options.md: tls.redirect',
    observes: ['tls.redirect'],
    async run(context) {
      const { redirect } = await startWithRedirect(context)
      const answers = await Promise.all([
        answerTo(redirect, get('/pid', 'Host: localhost')),
        answerTo(redirect, get('/pid', 'Host: localhost', 'Connection: Upgrade', 'Upgrade: websocket')),
        answerTo(redirect, get('//evil.example/pid', 'Host: localhost')),
      ])
      for (const answer of answers) {
        assert.match(answer, /^HTTP\/1\.1 308 [\s\S]*\r\nLocation: https:\/\/localhost:\d+\//)
        assert.ok(!answer.includes('"pid"'), answer)
      }
    },
  },
]
