import assert from 'node:assert/strict'
import type { ConnectionOptions } from 'node:tls'
import { createHostPair } from '../../certificates/hosts.ts'
import { request } from '../../clients/http/node-client.ts'
import { ecdsaClient, rsaClient } from '../../clients/tls/key-type-clients.ts'
import { exchangeWithSession } from '../../clients/tls/session-client.ts'
import type { ConformanceCase } from '../../conformance-case.ts'
import type { Subject } from '../../subject/subject.ts'

const versions: readonly ConnectionOptions[] = [
  { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' },
  { minVersion: 'TLSv1.3' },
]

/** Can verify both, and prefers RSA. */
const rsaFirst: ConnectionOptions = { sigalgs: `${rsaClient.sigalgs}:${ecdsaClient.sigalgs}` }

async function leafFor(subject: Subject, servername?: string): Promise<string> {
  const { status, tls, reason } = await request({
    ...subject,
    tls: servername === undefined ? {} : { servername },
  })
  return status === 200 ? (tls?.fingerprint256 ?? '') : reason
}

export const tlsHostCases: readonly ConformanceCase[] = [
  {
    id: 'tls/sni/each-host-its-own-certificate',
    level: 'MUST',
    requirement:
      'A client gets the certificate of the SNI host that it names, matched exactly or by a wildcard for one label, in any case and as IDNA, and the default one without a name.',
    source: 'RFC 6066 section 3; RFC 9525 section 6.3; docs/options.md: tls.sni',
    observes: ['tls.sni'],
    async run({ start, certificates: { server }, folder }) {
      const shop = await createHostPair(folder, { hosts: ['shop.example.test'] })
      const any = await createHostPair(folder, { hosts: ['*.example.test'] })
      const books = await createHostPair(folder, { hosts: ['bücher.example'] })
      const subject = await start({
        tls: {
          cert: server.certFile,
          key: server.keyFile,
          sni: {
            'Shop.Example.test': shop.files,
            '*.example.test': any.files,
            'bücher.example': books.files,
          },
        },
      })
      assert.equal(await leafFor(subject, 'shop.example.test'), shop.fingerprint256)
      assert.equal(await leafFor(subject, 'SHOP.example.TEST'), shop.fingerprint256)
      assert.equal(await leafFor(subject, 'other.example.test'), any.fingerprint256)
      assert.equal(await leafFor(subject, 'xn--bcher-kva.example'), books.fingerprint256)
      for (const name of ['deep.other.example.test', 'example.test', 'elsewhere.test', undefined])
        assert.equal(await leafFor(subject, name), server.fingerprint256, name)
    },
  },
  {
    id: 'tls/sni/hosts-with-other-types-of-key',
    level: 'MUST',
    requirement:
      "Every client gets a host's ECDSA certificate beside an RSA default, and the launch is refused where Node can't do that.",
    source: 'nodejs/node#54235; docs/errors.md: LOCKSTEP_ERR_TLS_SNI_MIXED_KEYS',
    observes: ['tls.sni'],
    async run({ start, startRefused, certificates: { otherServer }, folder, runtime }) {
      const shop = await createHostPair(folder, { hosts: ['shop.example.test'] })
      const sni = { 'shop.example.test': shop.files }
      const tls = { cert: otherServer.certFile, key: otherServer.keyFile, sni }
      if (Number.parseInt(runtime.nodeVersion.slice(1), 10) < 24) {
        assert.equal((await startRefused({ tls })).code, 'LOCKSTEP_ERR_TLS_SNI_MIXED_KEYS')
        return
      }
      const subject = await start({ tls })
      for (const version of versions) {
        for (const client of [{}, rsaFirst, ecdsaClient]) {
          const seen = await request({
            ...subject,
            tls: { ...version, ...client, servername: 'shop.example.test' },
          })
          assert.equal(seen.tls?.fingerprint256, shop.fingerprint256, JSON.stringify(client))
        }
        const rsaOnly = await request({
          ...subject,
          tls: { ...version, ...rsaClient, servername: 'shop.example.test' },
        })
        assert.notEqual(rsaOnly.tls?.fingerprint256, otherServer.fingerprint256)
      }
    },
  },
  {
    id: 'tls/sni/a-host-with-two-chains',
    level: 'MUST',
    requirement: 'For a host with an ECDSA and an RSA chain, each client gets the chain that it can verify.',
    source: 'RFC 8446 section 4.4.2.2; docs/options.md: tls.sni',
    observes: ['tls.sni'],
    async run({ start, certificates: { server, otherServer }, folder }) {
      const hosts = ['shop.example.test']
      const ecdsa = await createHostPair(folder, { hosts })
      const rsa = await createHostPair(folder, { hosts, keyType: 'rsa-2048' })
      const subject = await start({
        tls: {
          cert: [server.certFile, otherServer.certFile],
          key: [server.keyFile, otherServer.keyFile],
          sni: {
            'shop.example.test': {
              cert: [ecdsa.files.cert, rsa.files.cert],
              key: [rsa.files.key, ecdsa.files.key],
            },
          },
        },
      })
      for (const version of versions) {
        const leaf = async (tls: ConnectionOptions): Promise<string | undefined> =>
          (await request({ ...subject, tls: { ...version, ...tls, servername: 'shop.example.test' } })).tls
            ?.fingerprint256
        assert.equal(await leaf(ecdsaClient), ecdsa.fingerprint256)
        assert.equal(await leaf(rsaClient), rsa.fingerprint256)
        assert.ok([ecdsa.fingerprint256, rsa.fingerprint256].includes((await leaf(rsaFirst)) ?? ''))
      }
    },
  },
  {
    id: 'tls/sni/alpn-after-the-switch',
    level: 'MUST',
    requirement: 'The server negotiates ALPN for an SNI host as for the default one.',
    source: 'RFC 7301 section 3.2',
    observes: ['tls.sni'],
    async run({ start, certificates: { server }, folder }) {
      const shop = await createHostPair(folder, { hosts: ['shop.example.test'] })
      const subject = await start({
        tls: { cert: server.certFile, key: server.keyFile, sni: { 'shop.example.test': shop.files } },
      })
      const seen = await request({
        ...subject,
        tls: { servername: 'shop.example.test', ALPNProtocols: ['http/1.1'] },
      })
      assert.deepEqual([seen.tls?.fingerprint256, seen.tls?.alpn], [shop.fingerprint256, 'http/1.1'])
    },
  },
  {
    id: 'tls/sni/only-certificates-differ',
    level: 'MUST',
    requirement:
      'The server requires client certificates for an SNI host too, even from a client with a session of another host.',
    source: 'DESIGN: per-host settings are certificates only',
    observes: ['tls.sni', 'tls.clientAuth'],
    async run({ start, certificates: { server, client, stranger, clientAuthorityFile }, folder }) {
      const hosts = ['a.example.test', 'b.example.test']
      const [a, b] = await Promise.all(hosts.map((host) => createHostPair(folder, { hosts: [host] })))
      const subject = await start({
        tls: {
          cert: server.certFile,
          key: server.keyFile,
          ca: clientAuthorityFile,
          clientAuth: 'require',
          sni: { 'a.example.test': a?.files ?? {}, 'b.example.test': b?.files ?? {} },
        },
      })
      const good = { cert: client.certPem, key: client.keyPem }
      for (const version of versions) {
        const first = await exchangeWithSession(subject, { ...version, ...good, servername: hosts[0] ?? '' })
        assert.equal(first.status, 200)
        const session = first.session ? { session: first.session } : {}
        const strange = { cert: stranger.certPem, key: stranger.keyPem }
        const other = { ...version, ...strange, ...session, servername: hosts[1] ?? '' }
        const status = await exchangeWithSession(subject, other).then(
          ({ status: seen }) => seen,
          () => null,
        )
        assert.equal(status, null, 'a stranger got in at host B with a session of host A')
      }
    },
  },
  {
    id: 'tls/unknown-host/is-rejected',
    level: 'MUST',
    requirement:
      'With reject, the server refuses a client that names a host without a certificate, and serves known hosts, those of the default certificate and clients without a name.',
    source: 'nginx manual: ssl_reject_handshake; docs/options.md: tls.unknownHost',
    observes: ['tls.unknownHost'],
    async run({ start, certificates: { server }, folder }) {
      const shop = await createHostPair(folder, { hosts: ['shop.example.test'] })
      const subject = await start({
        tls: {
          cert: server.certFile,
          key: server.keyFile,
          sni: { 'shop.example.test': shop.files },
          unknownHost: 'reject',
        },
      })
      for (const version of versions)
        assert.equal(
          (await request({ ...subject, tls: { ...version, servername: 'elsewhere.test' } })).outcome,
          'refused',
        )
      assert.equal(await leafFor(subject, 'shop.example.test'), shop.fingerprint256)
      assert.equal(await leafFor(subject, 'localhost'), server.fingerprint256)
      assert.equal(await leafFor(subject), server.fingerprint256)
    },
  },
  {
    id: 'tls/sni/bad-certificates-are-refused',
    level: 'MUST',
    requirement:
      'The launch checks the certificates of all SNI hosts as it checks the default one, and reports all faults at once.',
    source: 'docs/errors.md: LOCKSTEP_ERR_TLS_SNI_…',
    observes: ['tls.sni'],
    async run({ startRefused, certificates: { server }, folder }) {
      const day = 86_400_000
      const good = await createHostPair(folder, { hosts: ['good.test'] })
      const expired = await createHostPair(folder, {
        hosts: ['expired.test'],
        notBefore: new Date(Date.now() - 2 * day),
        notAfter: new Date(Date.now() - day),
      })
      const encrypted = await createHostPair(folder, { hosts: ['encrypted.test'], passphrase: 'secret' })
      const { faults } = await startRefused({
        tls: {
          cert: server.certFile,
          key: server.keyFile,
          sni: {
            'expired.test': expired.files,
            'another.test': good.files,
            'encrypted.test': encrypted.files,
            'foreign.test': { cert: good.files.cert, key: server.keyFile },
            'half.test': { cert: good.files.cert },
            '192.0.2.1': good.files,
          },
        },
      })
      const of = (name: string): readonly string[] =>
        faults.filter(({ message }) => message.includes(name)).map(({ code }) => code)
      assert.deepEqual(of('"expired.test"'), ['LOCKSTEP_ERR_TLS_CERT_EXPIRED'])
      assert.deepEqual(of('"another.test"'), ['LOCKSTEP_ERR_TLS_SNI_MISMATCH'])
      assert.deepEqual(of('"encrypted.test"'), ['LOCKSTEP_ERR_TLS_KEY_ENCRYPTED'])
      assert.deepEqual(of('"foreign.test"'), ['LOCKSTEP_ERR_TLS_KEY_MISMATCH'])
      assert.deepEqual(of('"half.test"'), ['LOCKSTEP_ERR_TLS_CERT_WITHOUT_KEY'])
      assert.ok(of('"192.0.2.1"').includes('LOCKSTEP_ERR_TLS_SNI_HOST'))
    },
  },
]
