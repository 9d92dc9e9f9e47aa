import assert from 'node:assert/strict'
import { join } from 'node:path'
import type { LockstepConfig } from '@lockstep/core'
import { freePort } from '../../clients/free-port.ts'
import { requestHttp2 } from '../../clients/http/http2-client.ts'
import { request } from '../../clients/http/node-client.ts'
import { openRaw } from '../../clients/http/raw-connection.ts'
import type { ConformanceCase } from '../../conformance-case.ts'
import { bothProtocols } from '../both-protocols.ts'
import { addressesIn } from './addresses-in.ts'

type Fields = readonly (readonly [string, string])[]

/** What the app sees of the fields that say who the client is. */
interface Claims {
  readonly headers: Readonly<Record<string, string>>
  readonly raw: readonly string[]
  readonly distinct: readonly string[]
}

const claimsIn = ({ body }: { body: string }): Claims => JSON.parse(body) as Claims

/** A client that claims to be another one, behind a proxy of 10.0.0.0/8 and another at the other end of the connection. */
const chain: Fields = [
  ['X-Forwarded-For', '198.51.100.66, ::ffff:203.0.113.9, 10.1.2.3'],
  ['X-Forwarded-Proto', 'gopher, https, http'],
  ['X-Forwarded-Host', 'evil.example, shop.example, inner.example'],
  ['X-Real-IP', '198.51.100.66'],
  ['X_Forwarded_For', '198.51.100.66'],
  ['Forwarded', 'for=198.51.100.66'],
]

const named = {
  'x-forwarded-for': '203.0.113.9',
  'x-forwarded-proto': 'https',
  'x-forwarded-host': 'shop.example',
  'x-real-ip': '203.0.113.9',
}

const trusted = ['127.0.0.1', '10.0.0.0/8']

/** What any client can write, with the names that WSGI takes for the same. */
const strange: Fields = [
  ['X-Forwarded-For', '198.51.100.66'],
  ['x_forwarded-proto', 'https'],
  ['X-Forwarded-Prefix', '/admin'],
  ['Forwarded', 'for=198.51.100.66;proto=https'],
  ['X-Real-IP', '198.51.100.66'],
  ['X_Real_IP', '198.51.100.66'],
  ['Client-Cert', ':AAAA:'],
  ['Client_Cert_Chain', ':AAAA:'],
  ['X-Other', 'stays'],
]

/** A proxy in front of a program says more about the client than those fields, and nothing that a client has claimed. */
function checkClaims(
  { headers, raw, distinct }: Claims,
  { expected, isFront }: { expected: Readonly<Record<string, string>>; isFront: boolean },
): void {
  if (!isFront) {
    assert.deepEqual(headers, expected)
    assert.deepEqual([...raw].sort(), Object.keys(expected).sort())
    assert.deepEqual([...distinct].sort(), Object.keys(expected).sort())
    return
  }
  for (const [name, value] of Object.entries(expected))
    if (name !== 'x-real-ip') assert.equal(headers[name], value, name)
  assert.doesNotMatch(JSON.stringify(headers), /198\.51\.100\.66|evil\.example|\/admin|AAAA/)
}

export const forwardedCases: readonly ConformanceCase[] = [
  {
    id: 'proxy/trusted/says-who-the-client-is',
    level: 'MUST',
    requirement:
      'The client is the first address from the right that is not a trusted proxy, in the access log and for the app, which sees no other claim.',
    source: 'RFC 7239 section 5; docs/options.md: proxy.trusted',
    observes: ['proxy.trusted'],
    async run({ start, folder, isFront }) {
      const file = join(folder, 'access.log')
      const subject = await start({ proxy: { trusted }, accessLog: { file, format: 'json' } })
      const seen = claimsIn(await request({ ...subject, path: '/claims', headers: chain }))
      checkClaims(seen, { expected: named, isFront })
      assert.deepEqual(await addressesIn(file, 1), ['203.0.113.9'])
    },
  },
  {
    id: 'proxy/trusted/over-http2',
    level: 'MUST',
    requirement: 'Over HTTP/2 and TLS, the word of a trusted proxy counts as over HTTP/1.1.',
    source: 'docs/options.md: proxy.trusted',
    observes: ['proxy.trusted'],
    async run(context) {
      const file = join(context.folder, 'access.log')
      const subject = await context.start({
        proxy: { trusted },
        tls: bothProtocols(context),
        accessLog: { file, format: 'json' },
      })
      const headers = Object.fromEntries(chain.map(([name, value]) => [name.toLowerCase(), value]))
      const seen = claimsIn(await requestHttp2({ ...subject, path: '/claims', headers }))
      checkClaims(seen, { expected: named, isFront: context.isFront })
      assert.deepEqual(await addressesIn(file, 1), ['203.0.113.9'])
    },
  },
  {
    id: 'proxy/trusted/strangers-claim-nothing',
    level: 'MUST',
    requirement:
      'A client that is not a trusted proxy can set none of the fields that say who the client is, under any spelling of their names.',
    source: 'RFC 7239 section 8.1; RFC 9440 section 4; docs/options.md: proxy.trusted',
    observes: ['proxy.trusted'],
    async run({ start, folder, isFront }) {
      const file = join(folder, 'access.log')
      const subject = await start({
        proxy: { trusted: ['192.0.2.0/24', 'unix'] },
        accessLog: { file, format: 'json' },
      })
      const seen = claimsIn(await request({ ...subject, path: '/claims', headers: strange }))
      checkClaims(seen, { expected: { 'x-other': 'stays' }, isFront })
      // Two fields of one name are two claims.
      const connection = await openRaw(subject)
      connection.send(
        'GET /claims HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: 198.51.100.66\r\nX-Forwarded-For: 198.51.100.67\r\nConnection: close\r\n\r\n',
      )
      await connection.closedByPeer(5_000)
      if (!isFront) assert.match(connection.received(), /"headers":\{\}/)
      assert.doesNotMatch(connection.received(), /198\.51\.100/)
      assert.deepEqual(await addressesIn(file, 2), ['127.0.0.1', '127.0.0.1'])
    },
  },
  {
    id: 'proxy/trusted/unset-leaves-the-fields-to-the-app',
    level: 'MUST',
    requirement:
      'Without a trusted proxy, an app of Node gets forwarded fields as they came, a program gets none of them, and the access log names the other end of the connection.',
    source: 'docs/options.md: proxy.trusted',
    observes: ['proxy.trusted'],
    async run({ start, folder, isFront }) {
      const file = join(folder, 'access.log')
      const subject = await start({ accessLog: { file, format: 'json' } })
      const seen = claimsIn(await request({ ...subject, path: '/claims', headers: strange }))
      if (isFront) checkClaims(seen, { expected: { 'x-forwarded-for': '127.0.0.1' }, isFront })
      else
        assert.deepEqual(
          seen.headers,
          Object.fromEntries(
            strange
              .filter(([name]) => /^(?:x|f|client)/i.test(name))
              .map(([name, value]) => [name.toLowerCase(), value]),
          ),
        )
      assert.deepEqual(await addressesIn(file, 1), ['127.0.0.1'])
    },
  },
  {
    id: 'proxy/trusted/fetch-app-gets-the-url-of-the-client',
    level: 'MUST',
    requirement:
      'The URL of a request has the scheme and the host that a trusted proxy names, for an app of the Fetch API.',
    source: 'docs/options.md: proxy.trusted',
    observes: ['proxy.trusted'],
    async run({ start, apps }) {
      const options = { app: apps.fetchFunction, interface: 'fetch' } as const
      const ask = async (subject: { host: string; port: number }, fields: Fields): Promise<unknown> =>
        (
          JSON.parse((await request({ ...subject, path: '/origin', headers: fields })).body) as {
            origin?: unknown
          }
        ).origin
      const said: Fields = [
        ['Host', 'inner.example:8080'],
        ['X-Forwarded-Proto', 'https'],
        ['X-Forwarded-Host', 'shop.example'],
      ]
      const behind = await start({ ...options, proxy: { trusted: '127.0.0.1' } })
      assert.equal(await ask(behind, said), 'https://shop.example')
      const direct = await start({ ...options, proxy: { trusted: '192.0.2.1' } })
      assert.equal(await ask(direct, said), 'http://inner.example:8080')
    },
  },
  {
    id: 'proxy/trusted/https-at-the-proxy-is-https',
    level: 'MUST',
    requirement:
      'HSTS is sent when the client spoke TLS to the server or to a trusted proxy, and not otherwise, whatever a client claims.',
    source: 'RFC 6797 section 7.2; docs/options.md: proxy.trusted',
    observes: ['proxy.trusted', 'tls.hsts'],
    async run({ start, certificates }) {
      const { certFile: cert, keyFile: key } = certificates.server
      const hsts = async (asked: Parameters<typeof request>[0]): Promise<unknown> =>
        (await request(asked)).headers['strict-transport-security']
      const over = (scheme: string): { headers: Fields } => ({ headers: [['X-Forwarded-Proto', scheme]] })
      const plain = await start({ proxy: { trusted: '127.0.0.1' }, tls: { hsts: '1h' } })
      assert.equal(await hsts({ ...plain, ...over('https') }), 'max-age=3600')
      assert.equal(await hsts({ ...plain, ...over('http') }), undefined)
      assert.equal(await hsts({ ...plain }), undefined)
      const secured = await start({ proxy: { trusted: '127.0.0.1' }, tls: { cert, key, hsts: '1h' } })
      assert.equal(await hsts({ ...secured, tls: {} }), 'max-age=3600')
      assert.equal(await hsts({ ...secured, tls: {}, ...over('http') }), undefined)
      const stranger = await start({ proxy: { trusted: '192.0.2.1' }, tls: { cert, key, hsts: '1h' } })
      assert.equal(await hsts({ ...stranger, tls: {}, ...over('http') }), 'max-age=3600')
    },
  },
  {
    id: 'proxy/trusted/redirects-to-the-host-of-the-client',
    level: 'MUST',
    requirement:
      'A redirect leads to the host that a trusted proxy names, and a request that was https at the proxy already gets 421, so that it does not come back without end.',
    source: 'docs/options.md: tls.redirect, proxy.trusted',
    observes: ['proxy.trusted', 'tls.redirect'],
    async run({ start, certificates }) {
      const { certFile: cert, keyFile: key } = certificates.server
      const port = await freePort()
      await start({
        tls: { cert, key, redirect: `127.0.0.1:${port}`, redirectPort: 443 },
        proxy: { trusted: '127.0.0.1' },
      })
      const ask = async (scheme: string): Promise<unknown[]> => {
        const { status, headers } = await request({
          host: '127.0.0.1',
          port,
          path: '/a',
          headers: [
            ['Host', 'inner.example'],
            ['X-Forwarded-Host', 'localhost'],
            ['X-Forwarded-Proto', scheme],
          ],
        })
        return [status, headers['location']]
      }
      assert.deepEqual(await ask('http'), [308, 'https://localhost/a'])
      assert.deepEqual(await ask('https'), [421, undefined])
    },
  },
  {
    id: 'proxy/header/forwarded-alone-counts',
    level: 'MUST',
    requirement:
      'With the header Forwarded, its elements are read from the right after RFC 7239, and X-Forwarded-For counts no more.',
    source: 'RFC 7239 sections 4 to 6; docs/options.md: proxy.header',
    observes: ['proxy.header', 'proxy.trusted'],
    async run({ start, folder, isFront }) {
      const file = join(folder, 'access.log')
      const subject = await start({
        proxy: { trusted, header: 'forwarded' },
        accessLog: { file, format: 'json' },
      })
      const ask = async (forwarded: string): Promise<Claims> => {
        const headers: Fields = [
          ['Forwarded', forwarded],
          ['X-Forwarded-For', '198.51.100.66'],
          ['X-Forwarded-Prefix', '/admin'],
        ]
        return claimsIn(await request({ ...subject, path: '/claims', headers }))
      }
      const seen = await ask(
        'for=198.51.100.66, FOR="[2001:db8:cafe::17]:4711";proto=https;host="shop.example:8443", for=10.1.2.3;proto=http',
      )
      const expected = {
        forwarded: 'for="[2001:db8:cafe::17]";proto=https;host="shop.example:8443"',
        'x-forwarded-for': '2001:db8:cafe::17',
        'x-forwarded-proto': 'https',
        'x-forwarded-host': 'shop.example:8443',
      }
      checkClaims(seen, { expected, isFront })
      assert.equal((await ask('for=_hidden;proto=https')).headers['x-forwarded-for'], '_hidden')
      assert.equal((await ask('for=unknown')).headers['x-forwarded-for'], 'unknown')
      // A quote that a client left open takes in what the proxy has appended.
      assert.equal((await ask('for="198.51.100.66, for=203.0.113.9')).headers['x-forwarded-for'], 'unknown')
      assert.deepEqual(await addressesIn(file, 4), ['-', '-', '2001:db8:cafe::17', '_hidden'])
    },
  },
  ...(['localhost', '0.0.0.0/0', '*, 10.0.0.0/8', '10.0.0.0/33', 'fe80::1%eth0', ''] as const).map(
    (value, index): ConformanceCase => ({
      id: `proxy/trusted/refuses-an-unclear-list-${index + 1}`,
      level: 'MUST',
      requirement: `A launch that trusts ${JSON.stringify(value)} is refused.`,
      source: 'docs/options.md: proxy.trusted',
      observes: ['proxy.trusted'],
      run: ({ mustRefuse }) => mustRefuse({ proxy: { trusted: value } }, 'LOCKSTEP_ERR_OPTION_INVALID'),
    }),
  ),
  {
    id: 'proxy/header/refuses-it-without-a-trusted-proxy',
    level: 'MUST',
    requirement: 'A launch that names a header, but no proxy whose header counts, is refused.',
    source: 'DESIGN: honour or refuse',
    observes: ['proxy.header'],
    run: ({ mustRefuse }) =>
      mustRefuse({ proxy: { header: 'forwarded' } } satisfies LockstepConfig, 'LOCKSTEP_ERR_OPTION_CONFLICT'),
  },
]
