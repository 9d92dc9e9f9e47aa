import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import type { ConnectionOptions } from 'node:tls'
import { fileURLToPath } from 'node:url'
import { exchangeWithSession } from '../../clients/tls/session-client.ts'
import type { ConformanceCase } from '../../conformance-case.ts'

const apps = ['peer-node-app', 'peer-fetch-app'].map((name) =>
  fileURLToPath(new URL(`../../apps/${name}.js`, import.meta.url)),
)
const versions: readonly ConnectionOptions[] = [{ maxVersion: 'TLSv1.2' }, { minVersion: 'TLSv1.3' }]

interface Peer {
  readonly subject: string
  readonly fingerprint256: string
  readonly serialNumber: string
  readonly notAfter: string
}

export const tlsPeerCases: readonly ConformanceCase[] = [
  {
    id: 'tls/client-auth/the-app-knows-a-verified-client',
    level: 'MUST',
    requirement:
      'clientCertificate(request) returns the verified certificate to an app of either kind, also on a resumed session.',
    source: 'docs/options.md: tls.clientAuth',
    observes: ['tls.clientAuth', 'tls.ca'],
    async run({ start, certificates: { server, client, clientAuthorityFile } }) {
      const { fingerprint256, serialNumber, validToDate } = new X509Certificate(client.certPem)
      for (const app of apps) {
        const tls = { cert: server.certFile, key: server.keyFile, ca: clientAuthorityFile }
        const subject = await start({ app, tls: { ...tls, clientAuth: 'require' } })
        for (const version of versions) {
          const good = { ...version, cert: client.certPem, key: client.keyPem }
          const first = await exchangeWithSession(subject, good)
          assert.ok(first.session, 'it gave no session')
          const second = await exchangeWithSession(subject, { ...good, session: first.session })
          assert.deepEqual([first.resumed, second.resumed], [false, true])
          for (const { body } of [first, second]) {
            const peer = JSON.parse(body) as Peer
            assert.deepEqual(
              [peer.subject, peer.fingerprint256, peer.serialNumber, peer.notAfter],
              ['CN=a client', fingerprint256, serialNumber, validToDate.toISOString()],
            )
          }
        }
      }
    },
  },
  {
    id: 'tls/client-auth/the-app-never-sees-an-unverified-client',
    level: 'MUST',
    requirement:
      'clientCertificate(request) returns null for an untrusted certificate and for none, also on a resumed session, and when the server asks for none.',
    source: 'docs/options.md: tls.clientAuth',
    observes: ['tls.clientAuth', 'tls.ca'],
    async run({ start, certificates: { server, client, stranger, clientAuthorityFile } }) {
      const pair = { cert: server.certFile, key: server.keyFile }
      const strange = { cert: stranger.certPem, key: stranger.keyPem }
      const good = { cert: client.certPem, key: client.keyPem }
      for (const app of apps) {
        const requested = await start({
          app,
          tls: { ...pair, ca: clientAuthorityFile, clientAuth: 'request' },
        })
        const open = await start({ app, tls: pair })
        const attempts = [
          { subject: requested, shown: strange },
          { subject: requested, shown: {} },
          { subject: open, shown: good },
        ]
        for (const { subject, shown } of attempts) {
          for (const version of versions) {
            const first = await exchangeWithSession(subject, { ...version, ...shown })
            const again = first.session ? { session: first.session } : {}
            const second = await exchangeWithSession(subject, { ...version, ...shown, ...again })
            assert.deepEqual(
              [first.status, first.body, second.status, second.body],
              [200, 'null', 200, 'null'],
            )
          }
        }
      }
    },
  },
]
