import assert from 'node:assert/strict'
import type { ConnectionOptions } from 'node:tls'
import type { CaseContext } from '../case-context.ts'
import { request } from '../clients/node-client.ts'
import type { ConformanceCase } from '../conformance-case.ts'

const only12 = { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' } as const satisfies ConnectionOptions
const only13 = { minVersion: 'TLSv1.3' } as const satisfies ConnectionOptions
/** OpenSSL offers TLS 1.1 only below its usual security level. */
const only11 = {
  minVersion: 'TLSv1',
  maxVersion: 'TLSv1.1',
  ciphers: 'DEFAULT@SECLEVEL=0',
} as const satisfies ConnectionOptions

function pair({ certificates }: CaseContext): { cert: string; key: string } {
  return { cert: certificates.server.certFile, key: certificates.server.keyFile }
}

export const tlsPolicyCases: readonly ConformanceCase[] = [
  {
    id: 'tls/min-version/refuses-older-client',
    level: 'MUST',
    requirement: 'A client below the lowest TLS version is refused.',
    source: 'RFC 8446 section 4.1.3; docs/options.md: tls.minVersion',
    observes: ['tls.minVersion'],
    async run(context) {
      const subject = await context.start({ tls: { ...pair(context), minVersion: 'TLSv1.3' } })
      assert.equal((await request({ ...subject, tls: only12 })).outcome, 'refused')
      assert.equal((await request({ ...subject, tls: only13 })).tls?.version, 'TLSv1.3')
    },
  },
  {
    id: 'tls/min-version/refuses-tls-1.1-by-default',
    level: 'MUST',
    requirement: 'TLS 1.1 is refused, and TLS 1.2 is spoken, when nothing is said.',
    source: 'RFC 8996',
    observes: ['tls.minVersion'],
    async run(context) {
      const subject = await context.start({ tls: pair(context) })
      assert.equal((await request({ ...subject, tls: only11 })).outcome, 'refused')
      assert.equal((await request({ ...subject, tls: only12 })).tls?.version, 'TLSv1.2')
    },
  },
  {
    id: 'tls/max-version/negotiates-no-higher',
    level: 'MUST',
    requirement: 'No version above the highest is negotiated.',
    source: 'docs/options.md: tls.maxVersion',
    observes: ['tls.maxVersion'],
    async run(context) {
      const subject = await context.start({ tls: { ...pair(context), maxVersion: 'TLSv1.2' } })
      assert.equal((await request({ ...subject, tls: {} })).tls?.version, 'TLSv1.2')
      assert.equal((await request({ ...subject, tls: only13 })).outcome, 'refused')
    },
  },
  {
    id: 'tls/ciphers/only-those-of-the-list',
    level: 'MUST',
    requirement: 'Under TLS 1.2 only ciphers of the list are negotiated.',
    source: 'docs/options.md: tls.ciphers',
    observes: ['tls.ciphers'],
    async run(context) {
      const subject = await context.start({
        tls: { ...pair(context), ciphers: 'ECDHE-ECDSA-AES256-GCM-SHA384' },
      })
      assert.equal(
        (await request({ ...subject, tls: only12 })).tls?.cipher,
        'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384',
      )
      assert.equal(
        (await request({ ...subject, tls: { ...only12, ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256' } })).outcome,
        'refused',
      )
    },
  },
  {
    id: 'tls/ciphers/no-cbc-by-default',
    level: 'MUST',
    requirement: 'A client that has only CBC ciphers is refused when nothing is said.',
    source: 'Mozilla, Server Side TLS: intermediate',
    observes: ['tls.ciphers'],
    async run(context) {
      const subject = await context.start({ tls: pair(context) })
      assert.equal(
        (
          await request({
            ...subject,
            tls: { ...only12, ciphers: 'ECDHE-ECDSA-AES128-SHA:ECDHE-ECDSA-AES256-SHA384' },
          })
        ).outcome,
        'refused',
      )
    },
  },
  {
    id: 'tls/ciphers/the-order-is-the-servers',
    level: 'MUST',
    requirement: "Of the ciphers that both have, the first of the server's list is taken.",
    source: 'docs/options.md: tls.ciphers',
    observes: ['tls.ciphers'],
    async run(context) {
      const subject = await context.start({
        tls: { ...pair(context), ciphers: 'ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES128-GCM-SHA256' },
      })
      const seen = await request({
        ...subject,
        tls: { ...only12, ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384' },
      })
      assert.equal(seen.tls?.cipher, 'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384')
    },
  },
  {
    id: 'tls/ciphersuites/only-those-of-the-list',
    level: 'MUST',
    requirement: 'Under TLS 1.3 only suites of the list are negotiated.',
    source: 'RFC 8446 section 4.1.3; docs/options.md: tls.ciphersuites',
    observes: ['tls.ciphersuites'],
    async run(context) {
      const subject = await context.start({
        tls: { ...pair(context), ciphersuites: 'TLS_CHACHA20_POLY1305_SHA256' },
      })
      assert.equal((await request({ ...subject, tls: only13 })).tls?.cipher, 'TLS_CHACHA20_POLY1305_SHA256')
      assert.equal(
        (await request({ ...subject, tls: { ...only13, ciphers: 'TLS_AES_128_GCM_SHA256' } })).outcome,
        'refused',
      )
    },
  },
  {
    id: 'tls/client-auth/require-refuses-a-client-without-certificate',
    level: 'MUST',
    requirement: 'When client certificates are required, a client without one gets no answer.',
    source: 'RFC 8446 section 4.4.2.4',
    observes: ['tls.clientAuth'],
    async run(context) {
      const subject = await context.start({
        tls: { ...pair(context), ca: context.certificates.clientAuthorityFile, clientAuth: 'require' },
      })
      assert.equal((await request({ ...subject, tls: {} })).outcome, 'refused')
      assert.equal((await request({ ...subject, tls: only12 })).outcome, 'refused')
    },
  },
  {
    id: 'tls/client-auth/require-serves-a-good-client',
    level: 'MUST',
    requirement: 'A client with a certificate of the CA is served, and the app sees that it is authorised.',
    source: 'docs/options.md: tls.clientAuth',
    observes: ['tls.clientAuth', 'tls.ca'],
    async run(context) {
      const { client, clientAuthorityFile } = context.certificates
      const subject = await context.start({
        tls: { ...pair(context), ca: clientAuthorityFile, clientAuth: 'require' },
      })
      const seen = await request({
        ...subject,
        path: '/tls',
        tls: { cert: client.certPem, key: client.keyPem },
      })
      assert.deepEqual([seen.status, JSON.parse(seen.body)], [200, { encrypted: true, authorized: true }])
    },
  },
  {
    id: 'tls/ca/refuses-a-stranger',
    level: 'MUST',
    requirement: 'A client with a certificate that the CA did not issue gets no answer when one is required.',
    source: 'docs/options.md: tls.ca',
    observes: ['tls.ca', 'tls.clientAuth'],
    async run(context) {
      const { stranger, clientAuthorityFile } = context.certificates
      const subject = await context.start({
        tls: { ...pair(context), ca: clientAuthorityFile, clientAuth: 'require' },
      })
      assert.equal(
        (await request({ ...subject, tls: { cert: stranger.certPem, key: stranger.keyPem } })).outcome,
        'refused',
      )
    },
  },
  {
    id: 'tls/client-auth/request-serves-everyone-and-tells-them-apart',
    level: 'MUST',
    requirement:
      'When client certificates are requested, everyone is served, and only a client of the CA is authorised.',
    source: 'docs/options.md: tls.clientAuth',
    observes: ['tls.clientAuth', 'tls.ca'],
    async run(context) {
      const { client, stranger, clientAuthorityFile } = context.certificates
      const subject = await context.start({
        tls: { ...pair(context), ca: clientAuthorityFile, clientAuth: 'request' },
      })
      const authorised = async (tls: ConnectionOptions): Promise<boolean> =>
        (JSON.parse((await request({ ...subject, path: '/tls', tls })).body) as { authorized: boolean })
          .authorized
      assert.equal(await authorised({ cert: client.certPem, key: client.keyPem }), true)
      assert.equal(await authorised({ cert: stranger.certPem, key: stranger.keyPem }), false)
      assert.equal(await authorised({}), false)
    },
  },
  {
    id: 'tls/client-auth/nobody-is-authorised-without-it',
    level: 'MUST',
    requirement: 'Without client authentication no client is authorised, whatever it shows.',
    source: 'docs/options.md: tls.clientAuth',
    observes: ['tls.clientAuth'],
    async run(context) {
      const { client } = context.certificates
      const subject = await context.start({ tls: pair(context) })
      const seen = await request({
        ...subject,
        path: '/tls',
        tls: { cert: client.certPem, key: client.keyPem },
      })
      assert.deepEqual(JSON.parse(seen.body), { encrypted: true, authorized: false })
    },
  },
]
