import assert from 'node:assert/strict'
import { join } from 'node:path'
import type { CaseContext } from '../../case-context.ts'
import { freePort } from '../../clients/free-port.ts'
import { type ProxiedRequest, requestThrough } from '../../clients/http/proxied-client.ts'
import { openRaw } from '../../clients/http/raw-connection.ts'
import { poll } from '../../clients/poll.ts'
import { ipv4Ends, ipv6Ends, version1, version2 } from '../../clients/proxy-header.ts'
import type { ConformanceCase } from '../../conformance-case.ts'
import type { Subject } from '../../subject/subject.ts'
import { bothProtocols } from '../both-protocols.ts'
import { addressesIn } from './addresses-in.ts'

const source = 'PROXY protocol (HAProxy 3.2), section 2; docs/options.md: proxy.protocol'
const observes = ['proxy.protocol'] as const
const trusted = ['127.0.0.1', '10.0.0.0/8']
const proxy = { trusted, protocol: 'require' } as const

const client = { source: '203.0.113.9', sourcePort: 56_324 }
const client6 = { source: '20010db8cafe00000000000000000017', sourcePort: 4_711 }
const usual = version1(client)
const local = version2({ versionAndCommand: 0x20, family: 0 })

/** Headers of every kind, and the client that they name. */
const named: readonly (readonly [ProxiedRequest['header'], address: string, port: number])[] = [
  [version1(client), '203.0.113.9', 56_324],
  [version1({ source: '2001:DB8:cafe::17', sourcePort: 4_711 }), '2001:db8:cafe::17', 4_711],
  [version2({ family: 0x11, addresses: ipv4Ends(client) }), '203.0.113.9', 56_324],
  [version2({ family: 0x21, addresses: ipv6Ends(client6) }), '2001:db8:cafe::17', 4_711],
  [
    version2({
      family: 0x11,
      addresses: ipv4Ends(client),
      tlvs: [
        [0x02, Buffer.from('shop.example')],
        [0xea, Buffer.alloc(300, 1)],
      ],
      checksum: 'right',
    }),
    '203.0.113.9',
    56_324,
  ],
]

/** Headers that mean nothing, or could mean two things. */
const malformed: Readonly<Record<string, ProxiedRequest['header']>> = {
  'no header': '',
  'another case': usual.toLowerCase(),
  'a missing port': 'PROXY TCP4 203.0.113.9 192.0.2.1 56324\r\n',
  'an address of the other family': 'PROXY TCP4 2001:db8::1 2001:db8::2 1 2\r\n',
  'a port with a leading zero': 'PROXY TCP4 203.0.113.9 192.0.2.1 056324 443\r\n',
  'a port that is too large': 'PROXY TCP4 203.0.113.9 192.0.2.1 65536 443\r\n',
  'two spaces': 'PROXY TCP4  203.0.113.9 192.0.2.1 56324 443\r\n',
  'a bare line feed': 'PROXY TCP4 203.0.113.9 192.0.2.1 56324 443\n',
  'a line of 108 bytes': `PROXY UNKNOWN ${'x'.repeat(92)}\r\n`,
  'two headers': `${usual}${usual}`,
  'version 3': version2({ versionAndCommand: 0x31, family: 0x11, addresses: ipv4Ends(client) }),
  'an unknown command': version2({ versionAndCommand: 0x22, family: 0x11, addresses: ipv4Ends(client) }),
  'a family of datagrams': version2({ family: 0x12, addresses: ipv4Ends(client) }),
  'addresses that are too short': version2({ family: 0x21, addresses: ipv4Ends(client) }),
  'a TLV that is cut off': version2({
    family: 0x11,
    addresses: Buffer.concat([ipv4Ends(client), Buffer.from([0x02, 0, 9, 1])]),
  }),
  'a wrong checksum': version2({ family: 0x11, addresses: ipv4Ends(client), checksum: 'wrong' }),
  'a header of 64 KiB': version2({ family: 0x11, addresses: ipv4Ends(client), length: 65_535 }),
}

/** Starts a subject that demands the protocol and logs its clients. */
async function startBehind(
  { start, folder }: Pick<CaseContext, 'start' | 'folder'>,
  more: Parameters<CaseContext['start']>[0] = {},
): Promise<{ subject: Subject; file: string }> {
  const file = join(folder, 'access.log')
  return { file, subject: await start({ proxy, accessLog: { file, format: 'json' }, ...more }) }
}

/** The status, and the address of the client that the app sees: at its socket, or behind a front in a field of its own. */
async function addressSeen(
  { isFront }: Pick<CaseContext, 'isFront'>,
  asked: ProxiedRequest,
): Promise<[status: number | null, address: unknown]> {
  const { status, body } = await requestThrough({ ...asked, path: isFront ? '/claims' : '/peer' })
  const seen = JSON.parse(body || '{}') as {
    headers?: Record<string, string>
    address?: string
    port?: number
  }
  return [status, isFront ? seen.headers?.['x-forwarded-for'] : `${seen.address} ${seen.port}`]
}

export const proxyProtocolCases: readonly ConformanceCase[] = [
  {
    id: 'proxy/protocol/names-the-client',
    level: 'MUST',
    requirement:
      'Each header of version 1 or 2 names the client, for the access log and for the socket that the app sees.',
    source,
    observes,
    async run(context) {
      const { subject, file } = await startBehind(context)
      for (const [header, address, port] of named) {
        const expected = [200, context.isFront ? address : `${address} ${port}`]
        assert.deepEqual(await addressSeen(context, { ...subject, header }), expected)
      }
      assert.deepEqual(await addressesIn(file, named.length), named.map(([, address]) => address).sort())
    },
  },
  {
    id: 'proxy/protocol/loses-nothing-of-the-client',
    level: 'MUST',
    requirement:
      'What follows the header reaches HTTP or TLS whole, whether it comes in the same segment or the header byte by byte.',
    source,
    observes,
    async run(context) {
      const { subject } = await startBehind(context, { tls: bothProtocols(context) })
      const plain = await startBehind(context)
      for (const header of [usual, named.at(-1)?.[0] ?? ''])
        for (const pieces of ['one', 'bytes'] as const) {
          const ask = (asked: Partial<ProxiedRequest>): Promise<unknown[]> =>
            addressSeen(context, { ...subject, header, pieces, ...asked })
          const expected = [200, context.isFront ? '203.0.113.9' : '203.0.113.9 56324']
          assert.deepEqual(await ask({ tls: 'http/1.1' }), expected)
          assert.deepEqual(await ask({ tls: 'h2' }), expected)
          assert.deepEqual(await ask({ ...plain.subject }), expected)
        }
    },
  },
  {
    id: 'proxy/protocol/refuses-what-is-no-header',
    level: 'MUST',
    requirement: 'A connection that does not begin with a well-formed header is closed without an answer.',
    source,
    observes,
    async run(context) {
      const { subject } = await startBehind(context)
      const secured = await startBehind(context, { tls: bothProtocols(context) })
      for (const [what, header] of Object.entries(malformed)) {
        const { status } = await requestThrough({ ...subject, header })
        // To HTTP, the second header is a request that it can't read.
        assert.equal(status, what === 'two headers' ? 400 : null, what)
        assert.equal(
          (await requestThrough({ ...secured.subject, header, tls: 'http/1.1' })).status,
          null,
          what,
        )
      }
      assert.equal((await requestThrough({ ...subject, header: usual })).status, 200)
    },
  },
  {
    id: 'proxy/protocol/does-not-wait-without-end',
    level: 'MUST',
    requirement: 'A connection that does not complete its header within the time for a handshake is closed.',
    source,
    observes: ['proxy.protocol', 'tls.handshakeTimeout'],
    async run(context) {
      const tls = { ...bothProtocols(context), handshakeTimeout: '1s' }
      const { subject } = await startBehind(context, { tls })
      for (const begun of ['', usual.slice(0, 20), local.subarray(0, 14)]) {
        const connection = await openRaw(subject)
        connection.send(begun)
        const { sinceBegunMs: closedMs } = await connection.closedByPeer(6_000)
        assert.ok(closedMs > 500 && closedMs < 4_000, `it was closed after ${closedMs} ms`)
        assert.equal(connection.received(), '')
      }
    },
  },
  {
    id: 'proxy/protocol/a-header-without-a-client-keeps-the-connection',
    level: 'MUST',
    requirement: 'With LOCAL, UNKNOWN or no family, the client is the other end of the connection.',
    source,
    observes,
    async run(context) {
      const { subject, file } = await startBehind(context)
      const headers = [
        local,
        'PROXY UNKNOWN\r\n',
        'PROXY UNKNOWN 203.0.113.9 192.0.2.1 1 2\r\n',
        version2({ family: 0 }),
        version2({ versionAndCommand: 0x20, family: 0x11, addresses: ipv4Ends(client) }),
      ]
      for (const header of headers) assert.equal((await requestThrough({ ...subject, header })).status, 200)
      assert.deepEqual(
        await addressesIn(file, headers.length),
        headers.map(() => '127.0.0.1'),
      )
    },
  },
  {
    id: 'proxy/protocol/strangers-name-no-client',
    level: 'MUST',
    requirement:
      'A sender that is not a trusted proxy may name no client: its connection is closed. A program on the same machine may send LOCAL.',
    source: 'docs/options.md: proxy.protocol',
    observes: ['proxy.protocol', 'proxy.trusted'],
    async run(context) {
      const { subject } = await startBehind(context, { proxy: { ...proxy, trusted: '192.0.2.1' } })
      for (const [header] of named) assert.equal((await requestThrough({ ...subject, header })).status, null)
      assert.equal((await requestThrough({ ...subject, header: local })).status, 200)
    },
  },
  {
    id: 'proxy/protocol/the-named-client-is-a-stranger-too',
    level: 'MUST',
    requirement:
      'Forwarded fields count if the client that the header names is a trusted proxy, and are removed otherwise.',
    source: 'docs/options.md: proxy.protocol, proxy.trusted',
    observes: ['proxy.protocol', 'proxy.trusted'],
    async run(context) {
      const { subject, file } = await startBehind(context)
      const headers = [['X-Forwarded-For', '198.51.100.66']] as const
      const ask = async (from: string): Promise<unknown> => {
        const header = version1({ source: from, sourcePort: 1 })
        const { body } = await requestThrough({ ...subject, header, path: '/claims', headers })
        return (JSON.parse(body) as { headers: Record<string, string> }).headers['x-forwarded-for']
      }
      assert.equal(await ask('203.0.113.9'), context.isFront ? '203.0.113.9' : undefined)
      assert.equal(await ask('10.1.2.3'), '198.51.100.66')
      assert.deepEqual(await addressesIn(file, 2), ['198.51.100.66', '203.0.113.9'])
    },
  },
  {
    id: 'proxy/protocol/on-the-redirect-address-too',
    level: 'MUST',
    requirement: 'The redirect address demands the header as every other address does.',
    source: 'docs/options.md: proxy.protocol, tls.redirect',
    observes: ['proxy.protocol', 'tls.redirect'],
    async run(context) {
      const port = await freePort()
      const { certFile: cert, keyFile: key } = context.certificates.server
      const { file } = await startBehind(context, { tls: { cert, key, redirect: `127.0.0.1:${port}` } })
      const redirect = { host: '127.0.0.1', port }
      assert.equal((await requestThrough({ ...redirect, header: usual })).status, 308)
      assert.equal((await requestThrough({ ...redirect, header: '' })).status, null)
      // The launcher has asked it too.
      await poll(() => addressesIn(file, 1), {
        until: (addresses) => addresses.includes('203.0.113.9'),
        what: 'the client in the access log',
      })
    },
  },
  ...(['reuse-port', 'shared', 'round-robin'] as const).map(
    (balance): ConformanceCase => ({
      id: `proxy/protocol/under-${balance}`,
      level: 'MUST',
      requirement: `Under ${balance}, every worker demands the header, and a stop loses no connection whose header has come.`,
      source: 'docs/options.md: proxy.protocol, balance',
      observes: ['proxy.protocol', 'balance'],
      async run(context) {
        const { subject, file } = await startBehind(context, {
          workers: 2,
          balance,
          timeouts: { graceful: '15s' },
        })
        const asked = Array.from({ length: 12 }, () => requestThrough({ ...subject, header: usual }))
        assert.deepEqual([...new Set((await Promise.all(asked)).map(({ status }) => status))], [200])
        const refused = Array.from({ length: 6 }, () => requestThrough({ ...subject, header: '' }))
        assert.deepEqual([...new Set((await Promise.all(refused)).map(({ status }) => status))], [null])
        assert.deepEqual([...new Set(await addressesIn(file, 12))], ['203.0.113.9'])
        // It was opened in advance and never used.
        const idle = await openRaw(subject)
        idle.send(usual)
        const slow = requestThrough({ ...subject, header: usual, path: '/slow?ms=700' })
        await requestThrough({ ...subject, header: usual, path: '/pid' })
        const stopMs = await subject.stop()
        assert.equal((await slow).status, 200)
        assert.ok(stopMs < 8_000, `the stop took ${stopMs} ms`)
      },
    }),
  ),
  {
    id: 'proxy/protocol/off-takes-no-header',
    level: 'MUST',
    requirement:
      'Without the option, a PROXY header is a request that nothing can read: 400 over plain HTTP, and no handshake over TLS.',
    source: 'RFC 9112 section 3; docs/options.md: proxy.protocol',
    observes,
    async run(context) {
      const plain = await context.start({ proxy: { trusted } })
      const secured = await context.start({ proxy: { trusted }, tls: bothProtocols(context) })
      for (const header of [usual, named[2]?.[0] ?? '']) {
        assert.equal((await requestThrough({ ...plain, header })).status, 400)
        assert.equal((await requestThrough({ ...secured, header, tls: 'http/1.1' })).status, null)
      }
    },
  },
  {
    id: 'proxy/protocol/refuses-it-without-a-trusted-proxy',
    level: 'MUST',
    requirement: 'A launch that demands the PROXY protocol, but from no proxy that it trusts, is refused.',
    source: 'DESIGN: honour or refuse',
    observes,
    run: ({ mustRefuse }) => mustRefuse({ proxy: { protocol: 'require' } }, 'LOCKSTEP_ERR_OPTION_CONFLICT'),
  },
]
