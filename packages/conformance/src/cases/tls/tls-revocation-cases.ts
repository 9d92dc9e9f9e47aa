import assert from 'node:assert/strict'
import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ConnectionOptions } from 'node:tls'
import { createRevocationFiles } from '../../certificates/revocation.ts'
import { openKept } from '../../clients/http/kept-connection.ts'
import { request } from '../../clients/http/node-client.ts'
import { poll } from '../../clients/poll.ts'
import type { ConformanceCase } from '../../conformance-case.ts'
import { seesCertificates } from './sees-certificates.ts'

function as({ certPem, keyPem }: { certPem: string; keyPem: string }): ConnectionOptions {
  return { cert: certPem, key: keyPem }
}

export const tlsRevocationCases: readonly ConformanceCase[] = [
  {
    id: 'tls/crl/refuses-a-revoked-client',
    level: 'MUST',
    requirement:
      'The server refuses a client with a revoked certificate, and serves another client of the same CA.',
    source: 'RFC 5280 section 6.3; docs/options.md: tls.crl',
    observes: ['tls.crl'],
    async run({ start, certificates: { server }, folder }) {
      const { ca, good, revoked, list } = await createRevocationFiles(folder)
      const tls = { cert: server.certFile, key: server.keyFile, ca, crl: list }
      const subject = await start({ tls: { ...tls, clientAuth: 'require' } })
      assert.equal((await request({ ...subject, tls: as(good) })).status, 200)
      assert.equal((await request({ ...subject, tls: as(revoked) })).outcome, 'refused')
      const versions = { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' } as const
      assert.equal((await request({ ...subject, tls: { ...as(revoked), ...versions } })).outcome, 'refused')
    },
  },
  {
    id: 'tls/crl/a-revoked-client-is-not-authorised-on-request',
    level: 'MUST',
    requirement:
      'If client certificates are only requested, the server serves a revoked client, and it is not authorised.',
    source: 'docs/options.md: tls.crl, tls.clientAuth',
    observes: ['tls.crl'],
    async run({ start, certificates: { server }, folder, backend }) {
      const { ca, good, revoked, list } = await createRevocationFiles(folder)
      const tls = { cert: server.certFile, key: server.keyFile, ca, crl: list }
      const subject = await start({ tls: { ...tls, clientAuth: 'request' } })
      const authorized = async (client: ConnectionOptions): Promise<unknown> =>
        JSON.parse((await request({ ...subject, path: '/tls', tls: client })).body)
      assert.deepEqual(await authorized(as(good)), {
        encrypted: true,
        authorized: seesCertificates({ backend }),
      })
      assert.deepEqual(await authorized(as(revoked)), { encrypted: true, authorized: false })
    },
  },
  {
    id: 'tls/crl/a-kept-connection-of-a-client-that-is-revoked-ends',
    level: 'MUST',
    requirement:
      'After a reload with another list or CA, connections from before end within the graceful timeout, and clients that are still trusted are served.',
    source: 'RFC 5280 section 6.3; docs/options.md: tls.crl, timeouts.graceful',
    observes: ['tls.crl', 'tls.ca', 'timeouts.graceful'],
    doors: ['launch', 'command'],
    async run({ start, certificates: { server }, folder }) {
      const files = await createRevocationFiles(folder)
      const [ca, crl] = [join(folder, 'current-ca.pem'), join(folder, 'current-list.pem')]
      const follow = (from: { ca: string; crl: string }): void => {
        copyFileSync(from.ca, ca)
        copyFileSync(from.crl, crl)
      }
      follow({ ca: files.ca, crl: files.earlier })
      const subject = await start({
        tls: { cert: server.certFile, key: server.keyFile, ca, crl, clientAuth: 'require', watch: false },
        timeouts: { graceful: '2s', keepAlive: '1m' },
      })
      const ends = async (client: ConnectionOptions, change: Parameters<typeof follow>[0]): Promise<void> => {
        using kept = await openKept({ ...subject, tls: client })
        assert.equal((await kept.get('/')).status, 200)
        follow(change)
        assert.deepEqual(await subject.applyTls(), { changed: true, code: null })
        const isServed = (): Promise<boolean> =>
          kept.get('/').then(
            () => true,
            () => false,
          )
        await poll(isServed, { until: (served) => !served, what: 'the kept connection to end' })
        assert.equal((await request({ ...subject, tls: client })).outcome, 'refused')
      }
      await ends(as(files.revoked), { ca: files.ca, crl: files.list })
      assert.equal((await request({ ...subject, tls: as(files.good) })).status, 200)
      await ends(as(files.good), { ca: files.strangerCa, crl: files.foreign })
    },
  },
  {
    id: 'tls/crl/lists-of-no-use-are-refused',
    level: 'MUST',
    requirement:
      'A launch with a revocation list that is invalid, expired, of another CA, or without client authentication is refused.',
    source: 'docs/errors.md: LOCKSTEP_ERR_TLS_CRL_…',
    observes: ['tls.crl'],
    async run({ startRefused, certificates: { server }, folder }) {
      const { ca, list, stale, foreign } = await createRevocationFiles(folder)
      const pair = { cert: server.certFile, key: server.keyFile }
      const codes = async (tls: object): Promise<readonly string[]> =>
        (await startRefused({ tls: { ...pair, ...tls } })).faults.map(({ code }) => code)
      const asked = { ca, clientAuth: 'require' }
      assert.deepEqual(await codes({ ...asked, crl: server.certFile }), ['LOCKSTEP_ERR_TLS_CRL_INVALID'])
      assert.deepEqual(await codes({ ...asked, crl: stale }), ['LOCKSTEP_ERR_TLS_CRL_EXPIRED'])
      assert.deepEqual(await codes({ ...asked, crl: [list, foreign] }), ['LOCKSTEP_ERR_TLS_CRL_ISSUER'])
      assert.deepEqual(await codes({ crl: list }), ['LOCKSTEP_ERR_TLS_CRL_UNUSED'])
    },
  },
]
