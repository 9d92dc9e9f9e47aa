import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import type { ConnectionOptions } from 'node:tls'
import { fileURLToPath } from 'node:url'
import { openHttp2 } from '../../clients/http/http2-client.ts'
import type { ConformanceCase } from '../../conformance-case.ts'
import type { Subject } from '../../subject/subject.ts'
import { bothProtocols } from '../both-protocols.ts'

const apps = ['peer-node-app', 'peer-fetch-app'].map((name) =>
  fileURLToPath(new URL(`../../apps/${name}.js`, import.meta.url)),
)
const versions: readonly ConnectionOptions[] = [{ maxVersion: 'TLSv1.2' }, { minVersion: 'TLSv1.3' }]

export const tlsPeerHttp2Cases: readonly ConformanceCase[] = [
  {
    id: 'tls/client-auth/the-app-knows-a-verified-client-over-h2',
    level: 'MUST',
    requirement:
      'Over HTTP/2, clientCertificate(request) returns the verified certificate for each request of a connection, also on a resumed session.',
    source: 'docs/options.md: tls.clientAuth',
    observes: ['tls.clientAuth', 'tls.ca', 'tls.protocols'],
    async run(context) {
      const { client, clientAuthorityFile: ca } = context.certificates
      const { fingerprint256, serialNumber, validToDate } = new X509Certificate(client.certPem)
      const expected = ['CN=a client', fingerprint256, serialNumber, validToDate.toISOString()]
      for (const app of apps) {
        const subject = await context.start({
          app,
          tls: { ...bothProtocols(context), ca, clientAuth: 'require' },
        })
        for (const version of versions) {
          const bodies = await askOnTwoSessions(subject, {
            ...version,
            cert: client.certPem,
            key: client.keyPem,
          })
          for (const body of bodies) {
            const peer = JSON.parse(body) as Readonly<Record<string, string>> | null
            assert.deepEqual(
              [peer?.['subject'], peer?.['fingerprint256'], peer?.['serialNumber'], peer?.['notAfter']],
              expected,
            )
          }
        }
      }
    },
  },
  {
    id: 'tls/client-auth/the-app-never-sees-an-unverified-client-over-h2',
    level: 'MUST',
    requirement:
      'Over HTTP/2, clientCertificate(request) returns null for an untrusted certificate and for none, also on a resumed session.',
    source: 'docs/options.md: tls.clientAuth',
    observes: ['tls.clientAuth', 'tls.ca', 'tls.protocols'],
    async run(context) {
      const { stranger, clientAuthorityFile: ca } = context.certificates
      for (const app of apps) {
        const subject = await context.start({
          app,
          tls: { ...bothProtocols(context), ca, clientAuth: 'request' },
        })
        for (const shown of [{ cert: stranger.certPem, key: stranger.keyPem }, {}])
          for (const version of versions)
            assert.deepEqual(
              [...new Set(await askOnTwoSessions(subject, { ...version, ...shown }))],
              ['null'],
            )
      }
    },
  },
]

/** What the app says to two requests of a first connection, and of one that resumes its session. */
async function askOnTwoSessions(subject: Subject, tls: ConnectionOptions): Promise<string[]> {
  const bodies: string[] = []
  let session: Buffer | null = null
  for (const resumed of [false, true]) {
    const connection = await openHttp2(subject, { ...tls, ...(session && { session }) })
    try {
      assert.equal(connection.resumed, resumed)
      for (const { status, body } of [await connection.ask(), await connection.ask()]) {
        assert.equal(status, 200)
        bodies.push(body)
      }
      session = connection.session()
    } finally {
      connection.destroy()
    }
  }
  return bodies
}
