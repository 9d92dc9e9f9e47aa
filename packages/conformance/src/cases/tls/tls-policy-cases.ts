import assert from 'node:assert/strict'
import { byEveryClient } from '../../clients/http/every-client.ts'
import { refusalsTelling, refused, refusedWith, servedOver } from '../../clients/judge.ts'
import type { Observation } from '../../clients/observation.ts'
import type { ConformanceCase } from '../../conformance-case.ts'
import { seesCertificates } from './sees-certificates.ts'
import { serverPair } from './server-pair.ts'

export const tlsPolicyCases: readonly ConformanceCase[] = [
  {
    id: 'tls/min-version/refuses-older-client',
    level: 'MUST',
    requirement: 'The server refuses a client that only speaks versions older than the lowest.',
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
    requirement: 'By default, the server refuses TLS 1.1 and speaks TLS 1.2.',
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
    requirement: 'The server negotiates no version above the highest.',
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
    requirement: 'Under TLS 1.2, the server negotiates only ciphers of the list.',
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
    requirement: 'By default, the server refuses a client that has only CBC ciphers.',
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
    requirement: 'The server selects the first cipher of its own list that the client has too.',
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
    requirement: 'Under TLS 1.3, the server negotiates only suites of the list.',
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
    requirement: 'If client certificates are required, a client without one gets no answer.',
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
    requirement:
      'The server serves a client with a certificate of the CA, and the app sees that it is authorised.',
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
          [200, { encrypted: true, authorized: seesCertificates(context) }],
        ),
      )
    },
  },
  {
    id: 'tls/ca/refuses-a-stranger',
    level: 'MUST',
    requirement:
      'If client certificates are required, a client with a certificate of another CA gets no answer.',
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
    requirement: 'A client with an expired certificate of the CA gets no answer.',
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
      'If client certificates are requested, the server serves every client, and only a client of the CA is authorised.',
    source: 'docs/options.md: tls.clientAuth',
    observes: ['tls.clientAuth', 'tls.ca'],
    async run(context) {
      const { client, stranger, clientAuthorityFile } = context.certificates
      const subject = await context.start({
        tls: { ...serverPair(context), ca: clientAuthorityFile, clientAuth: 'request' },
      })
      const told = (authorized: boolean) => (seen: Observation) =>
        assert.deepEqual(JSON.parse(seen.body || '{}'), { encrypted: true, authorized })
      await byEveryClient(
        { ...subject, path: '/tls', tls: { certificate: client } },
        told(seesCertificates(context)),
      )
      await byEveryClient({ ...subject, path: '/tls', tls: { certificate: stranger } }, told(false))
      await byEveryClient({ ...subject, path: '/tls', tls: {} }, told(false))
    },
  },
  {
    id: 'tls/client-auth/nobody-is-authorised-without-it',
    level: 'MUST',
    requirement: 'Without client authentication no client is authorised, whatever certificate it sends.',
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
