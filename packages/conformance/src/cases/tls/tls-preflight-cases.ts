import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { issueCertificate } from '@lockstep/certs'
import type { LockstepConfig } from '@lockstep/core'
import type { CaseContext } from '../../case-context.ts'
import { createHostPair } from '../../certificates/hosts.ts'
import { request } from '../../clients/http/node-client.ts'
import { poll } from '../../clients/poll.ts'
import type { ConformanceCase } from '../../conformance-case.ts'
import type { Subject } from '../../subject/subject.ts'

const dayMs = 86_400_000
const fromNow = (days: number): Date => new Date(Date.now() + days * dayMs)

/** The codes of all faults of a launch with these TLS options. */
async function codesOf(
  { startRefused }: CaseContext,
  tls: LockstepConfig['tls'],
): Promise<readonly string[]> {
  return (await startRefused({ tls })).faults.map(({ code }) => code)
}

function written({ stdout, stderr }: Subject): string {
  return stdout() + stderr()
}

export const tlsPreflightCases: readonly ConformanceCase[] = [
  {
    id: 'tls/cert/what-node-would-serve-is-refused',
    level: 'MUST',
    requirement:
      'A launch is refused with a specific code if the certificate has expired, is not valid yet, has a weak key, is not for servers, or belongs to another key.',
    source: 'docs/errors.md: LOCKSTEP_ERR_TLS_…',
    observes: ['tls.cert', 'tls.key'],
    async run(context) {
      const { folder, certificates } = context
      const hosts = ['localhost']
      const expired = await createHostPair(folder, { hosts, notBefore: fromNow(-9), notAfter: fromNow(-1) })
      const early = await createHostPair(folder, { hosts, notBefore: fromNow(1), notAfter: fromNow(9) })
      const weak = await createHostPair(folder, { hosts, keyType: 'rsa-1024' })
      const { server, otherServer, client, stranger } = certificates
      const cert = server.certFile
      assert.deepEqual(await codesOf(context, expired.files), ['LOCKSTEP_ERR_TLS_CERT_EXPIRED'])
      assert.deepEqual(await codesOf(context, early.files), ['LOCKSTEP_ERR_TLS_CERT_NOT_YET_VALID'])
      assert.deepEqual(await codesOf(context, weak.files), ['LOCKSTEP_ERR_TLS_KEY_WEAK'])
      assert.deepEqual(await codesOf(context, { cert: client.certFile, key: client.keyFile }), [
        'LOCKSTEP_ERR_TLS_CERT_USAGE',
      ])
      for (const { keyFile } of [stranger, otherServer])
        assert.deepEqual(await codesOf(context, { cert, key: keyFile }), ['LOCKSTEP_ERR_TLS_KEY_MISMATCH'])
    },
  },
  {
    id: 'tls/cert/halves-and-files-of-no-use-are-refused',
    level: 'MUST',
    requirement:
      'A launch is refused with a specific code if half of the pair is missing, a file is missing or UTF-16, or the chain begins with an issuer.',
    source: 'docs/errors.md: LOCKSTEP_ERR_TLS_…',
    observes: ['tls.cert', 'tls.key'],
    async run(context) {
      const { folder, certificates } = context
      const { certFile: cert, keyFile: key, certPem } = certificates.server
      const utf16 = join(folder, 'utf16.pem')
      writeFileSync(utf16, Buffer.from(`\uFEFF${certPem}`, 'utf16le'))
      const reversed = certPem
        .split(/(?=-----BEGIN)/)
        .reverse()
        .join('')
      assert.deepEqual(await codesOf(context, { cert }), ['LOCKSTEP_ERR_TLS_CERT_WITHOUT_KEY'])
      assert.deepEqual(await codesOf(context, { key }), ['LOCKSTEP_ERR_TLS_KEY_WITHOUT_CERT'])
      assert.deepEqual(await codesOf(context, { cert: join(folder, 'nowhere.pem'), key }), [
        'LOCKSTEP_ERR_TLS_FILE_UNREADABLE',
      ])
      assert.deepEqual(await codesOf(context, { cert: utf16, key }), ['LOCKSTEP_ERR_TLS_ENCODING'])
      assert.deepEqual(await codesOf(context, { cert: reversed, key }), ['LOCKSTEP_ERR_TLS_CHAIN_ORDER'])
    },
  },
  {
    id: 'tls/policy/contradictions-are-refused-all-at-once',
    level: 'MUST',
    requirement:
      'A launch with several contradictions in its TLS policy is refused, and the error has all of them, each with its own code.',
    source: 'docs/errors.md: LOCKSTEP_ERR_TLS_…',
    observes: ['tls.minVersion', 'tls.maxVersion', 'tls.ciphers', 'tls.clientAuth', 'tls.ca'],
    async run(context) {
      const { certFile: cert, keyFile: key } = context.certificates.server
      const found = await codesOf(context, {
        cert,
        key,
        minVersion: 'TLSv1.3',
        maxVersion: 'TLSv1.2',
        ciphersuites: 'TLS_NOPE',
        groups: 'NOPE',
        clientAuth: 'require',
      })
      assert.deepEqual([...found].sort(), [
        'LOCKSTEP_ERR_TLS_CIPHERS_UNUSED',
        'LOCKSTEP_ERR_TLS_CIPHER_UNKNOWN',
        'LOCKSTEP_ERR_TLS_CLIENT_AUTH_WITHOUT_CA',
        'LOCKSTEP_ERR_TLS_GROUP_UNKNOWN',
        'LOCKSTEP_ERR_TLS_VERSION_RANGE',
      ])
      assert.deepEqual(await codesOf(context, { cert, key, ca: key, clientAuth: 'require' }), [
        'LOCKSTEP_ERR_TLS_CA_INVALID',
      ])
      assert.deepEqual(await codesOf(context, { cert, key, ca: context.certificates.clientAuthorityFile }), [
        'LOCKSTEP_ERR_TLS_CA_UNUSED',
      ])
    },
  },
  {
    id: 'tls/expiry-warning/tells-ahead-of-time',
    level: 'MUST',
    requirement:
      'The server warns of a certificate that expires within the configured days and still serves it, and does not warn of others.',
    source: 'docs/options.md: tls.expiryWarningDays',
    observes: ['tls.expiryWarningDays'],
    async run({ start }) {
      const { certPem, keyPem } = await issueCertificate({ hosts: ['localhost'], notAfter: fromNow(60) })
      const tls = { cert: certPem, key: keyPem }
      const quiet = await start({ tls })
      const warned = await start({ tls: { ...tls, expiryWarningDays: 61 } })
      assert.equal((await request({ ...warned, tls: {} })).status, 200)
      await poll(() => written(warned), {
        until: (text) => /expires on .*\(in 59 days\)/.test(text),
        what: 'the warning',
      })
      assert.equal((await request({ ...quiet, tls: {} })).status, 200)
      assert.ok(!written(quiet).includes('expires on'), written(quiet))
    },
  },
]
