import assert from 'node:assert/strict'
import { byEveryClient } from '../clients/every-client.ts'
import { refusalsTelling, refused, refusedWith, servedOver } from '../clients/judge.ts'
import type { Observation } from '../clients/observation.ts'
import type { ConformanceCase } from '../conformance-case.ts'
import { serverPair } from './server-pair.ts'

export const tlsPolicyCases: readonly ConformanceCase[] = [
  {
    id: 'tls/min-version/refuses-older-client',
    level: 'MUST',
    requirement: 'A client below the lowest TLS version is refused.',
    source: 'RFC 8446 section 4.1.3; docs/options.md: tls.minVersion',
    observes: ['tls.minVersion'],
    async run(context) {
      const subject = await context.start({ tls: { ...serverPair(context), minVersion: 'TLSv1.3' } })
      await byEveryClient({ ...subject, tls: { version: 'TLSv1.2' } }, refusedWith('protocol version'))
      await byEveryClient({ ...subject, tls: { version: 'TLSv1.3' } }, servedOver('TLSv1.3'))
    },
  },
  {
    id: 'tls/min-version/refuses-tls-1.1-by-default',
    level: 'MUST',
    requirement: 'TLS 1.1 is refused, and TLS 1.2 is spoken, when nothing is said.',
    source: 'RFC 8996',
    observes: ['tls.minVersion'],
    async run(context) {
      const subject = await context.start({ tls: serverPair(context) })
      await byEveryClient({ ...subject, tls: { version: 'TLSv1.1' } }, refusedWith('protocol version'))
      await byEveryClient({ ...subject, tls: { version: 'TLSv1.2' } }, servedOver('TLSv1.2'))
    },
  },
  {
    id: 'tls/max-version/negotiates-no-higher',
    level: 'MUST',
    requirement: 'No version above the highest is negotiated.',
    source: 'docs/options.md: tls.maxVersion',
    observes: ['tls.maxVersion'],
    async run(context) {
      const subject = await context.start({ tls: { ...serverPair(context), maxVersion: 'TLSv1.2' } })
      await byEveryClient({ ...subject, tls: {} }, servedOver('TLSv1.2'))
      await byEveryClient({ ...subject, tls: { version: 'TLSv1.3' } }, refusedWith('protocol version'))
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
        tls: { ...serverPair(context), ciphers: 'ECDHE-ECDSA-AES256-GCM-SHA384' },
      })
      await byEveryClient({ ...subject, tls: { version: 'TLSv1.2' } }, (seen) =>
        assert.equal(seen.tls?.cipher, 'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384'),
      )
      await byEveryClient(
        { ...subject, tls: { version: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256' } },
        refusedWith('handshake failure'),
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
      const subject = await context.start({ tls: serverPair(context) })
      const ciphers = 'ECDHE-ECDSA-AES128-SHA:ECDHE-ECDSA-AES256-SHA384'
      await byEveryClient(
        { ...subject, tls: { version: 'TLSv1.2', ciphers } },
        refusedWith('handshake failure'),
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
        tls: {
          ...serverPair(context),
          ciphers: 'ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES128-GCM-SHA256',
        },
      })
      const ciphers = 'ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384'
      await byEveryClient({ ...subject, tls: { version: 'TLSv1.2', ciphers } }, (seen) =>
        assert.equal(seen.tls?.cipher, 'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384'),
      )
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
        tls: { ...serverPair(context), ciphersuites: 'TLS_CHACHA20_POLY1305_SHA256' },
      })
      await byEveryClient({ ...subject, tls: { version: 'TLSv1.3' } }, (seen) =>
        assert.equal(seen.tls?.cipher, 'TLS_CHACHA20_POLY1305_SHA256'),
      )
      await byEveryClient(
        { ...subject, tls: { version: 'TLSv1.3', ciphersuites: 'TLS_AES_128_GCM_SHA256' } },
        refusedWith('handshake failure'),
      )
    },
  },
  {
    id: 'tls/client-auth/require-refuses-a-client-without-certificate',
    level: 'MUST',
    requirement: 'When client certificates are required, a client without one gets no answer.',
    source: 'RFC 8446 section 4.4.2.4; RFC 5246 section 7.4.6',
    observes: ['tls.clientAuth'],
    async run(context) {
      const subject = await context.start({
        tls: { ...serverPair(context), ca: context.certificates.clientAuthorityFile, clientAuth: 'require' },
      })
      // Before TLS 1.3 there was no such alert as the first.
      for (const [version, alert] of [
        ['TLSv1.3', 'certificate required'],
        ['TLSv1.2', 'handshake failure'],
      ] as const) {
        const refusals = refusalsTelling(alert)
        await byEveryClient({ ...subject, tls: { version } }, refusals.judge)
        refusals.conclude()
      }
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
        tls: { ...serverPair(context), ca: clientAuthorityFile, clientAuth: 'require' },
      })
      await byEveryClient({ ...subject, path: '/tls', tls: { certificate: client } }, (seen) =>
        assert.deepEqual(
          [seen.status, JSON.parse(seen.body || '{}')],
          [200, { encrypted: true, authorized: true }],
        ),
      )
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
        tls: { ...serverPair(context), ca: clientAuthorityFile, clientAuth: 'require' },
      })
      for (const version of ['TLSv1.2', 'TLSv1.3'] as const)
        await byEveryClient({ ...subject, tls: { version, certificate: stranger } }, refused)
    },
  },
  {
    id: 'tls/ca/refuses-an-expired-client',
    level: 'MUST',
    requirement: 'A client certificate that the CA issued and that has expired gets no answer.',
    source: 'RFC 5280 section 6.1.3',
    observes: ['tls.ca', 'tls.clientAuth'],
    async run(context) {
      const { expiredClient, clientAuthorityFile } = context.certificates
      const subject = await context.start({
        tls: { ...serverPair(context), ca: clientAuthorityFile, clientAuth: 'require' },
      })
      for (const version of ['TLSv1.2', 'TLSv1.3'] as const)
        await byEveryClient({ ...subject, tls: { version, certificate: expiredClient } }, refused)
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
        tls: { ...serverPair(context), ca: clientAuthorityFile, clientAuth: 'request' },
      })
      const told = (authorized: boolean) => (seen: Observation) =>
        assert.deepEqual(JSON.parse(seen.body || '{}'), { encrypted: true, authorized })
      await byEveryClient({ ...subject, path: '/tls', tls: { certificate: client } }, told(true))
      await byEveryClient({ ...subject, path: '/tls', tls: { certificate: stranger } }, told(false))
      await byEveryClient({ ...subject, path: '/tls', tls: {} }, told(false))
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
      const subject = await context.start({ tls: serverPair(context) })
      await byEveryClient({ ...subject, path: '/tls', tls: { certificate: client } }, (seen) =>
        assert.deepEqual(JSON.parse(seen.body || '{}'), { encrypted: true, authorized: false }),
      )
    },
  },
]
