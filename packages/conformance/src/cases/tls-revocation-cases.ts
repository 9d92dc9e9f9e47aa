import assert from 'node:assert/strict'
import type { ConnectionOptions } from 'node:tls'
import { createRevocationFiles } from '../certificates/revocation.ts'
import { request } from '../clients/node-client.ts'
import type { ConformanceCase } from '../conformance-case.ts'

function as({ certPem, keyPem }: { certPem: string; keyPem: string }): ConnectionOptions {
  return { cert: certPem, key: keyPem }
}

export const tlsRevocationCases: readonly ConformanceCase[] = [
  {
    id: 'tls/crl/refuses-a-revoked-client',
    level: 'MUST',
    requirement:
      'A client whose certificate is revoked gets no answer, and another one of the same CA is served.',
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
    requirement: 'When certificates are only requested, a revoked client is served and not authorised.',
    source: 'docs/options.md: tls.crl, tls.clientAuth',
    observes: ['tls.crl'],
    async run({ start, certificates: { server }, folder }) {
      const { ca, good, revoked, list } = await createRevocationFiles(folder)
      const tls = { cert: server.certFile, key: server.keyFile, ca, crl: list }
      const subject = await start({ tls: { ...tls, clientAuth: 'request' } })
      const authorized = async (client: ConnectionOptions): Promise<unknown> =>
        JSON.parse((await request({ ...subject, path: '/tls', tls: client })).body)
      assert.deepEqual(await authorized(as(good)), { encrypted: true, authorized: true })
      assert.deepEqual(await authorized(as(revoked)), { encrypted: true, authorized: false })
    },
  },
  {
    id: 'tls/crl/lists-of-no-use-are-refused',
    level: 'MUST',
    requirement:
      'A list that is garbage, stale, of another CA, or beside no client authentication refuses the launch.',
    source: 'docs/errors.md: ERR_TLS_CRL_…',
    observes: ['tls.crl'],
    async run({ startRefused, certificates: { server }, folder }) {
      const { ca, list, stale, foreign } = await createRevocationFiles(folder)
      const pair = { cert: server.certFile, key: server.keyFile }
      const codes = async (tls: object): Promise<readonly string[]> =>
        (await startRefused({ tls: { ...pair, ...tls } })).faults.map(({ code }) => code)
      const asked = { ca, clientAuth: 'require' }
      assert.deepEqual(await codes({ ...asked, crl: server.certFile }), ['ERR_TLS_CRL_INVALID'])
      assert.deepEqual(await codes({ ...asked, crl: stale }), ['ERR_TLS_CRL_EXPIRED'])
      assert.deepEqual(await codes({ ...asked, crl: [list, foreign] }), ['ERR_TLS_CRL_ISSUER'])
      assert.deepEqual(await codes({ crl: list }), ['ERR_TLS_CRL_UNUSED'])
    },
  },
]
