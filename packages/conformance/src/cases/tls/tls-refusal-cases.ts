import type { LockstepConfig, OptionName } from '@lockstep/core'
import type { Certificates } from '../../certificates.ts'
import type { ConformanceCase } from '../../conformance-case.ts'
import { serverPair } from './server-pair.ts'

interface Mistake {
  /** Ends the id. */
  readonly name: string
  readonly requirement: string
  readonly source: string
  readonly observes: readonly OptionName[]
  readonly code: string
  options(certificates: Certificates): NonNullable<LockstepConfig['tls']>
}

/** Node starts with each of these, or fails with a message that does not help. */
const mistakes: readonly Mistake[] = [
  {
    name: 'certificate-without-key',
    requirement: 'A launch with a certificate and no key is refused.',
    source: 'DESIGN: a missing half is an error, never a downgrade',
    observes: ['tls.cert', 'tls.key'],
    code: 'LOCKSTEP_ERR_TLS_CERT_WITHOUT_KEY',
    options: ({ server }) => ({ cert: server.certFile }),
  },
  {
    name: 'key-without-certificate',
    requirement: 'A launch with a key and no certificate is refused.',
    source: 'DESIGN: a missing half is an error, never a downgrade',
    observes: ['tls.cert', 'tls.key'],
    code: 'LOCKSTEP_ERR_TLS_KEY_WITHOUT_CERT',
    options: ({ server }) => ({ key: server.keyFile }),
  },
  {
    name: 'key-of-another-pair',
    requirement: 'A launch is refused if the key has the right type but does not belong to the certificate.',
    source: 'RFC 8446 section 4.4.3',
    observes: ['tls.key'],
    code: 'LOCKSTEP_ERR_TLS_KEY_MISMATCH',
    options: ({ server, client }) => ({ cert: server.certFile, key: client.keyFile }),
  },
  {
    name: 'key-of-another-type',
    requirement: 'A launch with an RSA key for an EC certificate is refused.',
    source: 'RFC 8446 section 4.4.3',
    observes: ['tls.key'],
    code: 'LOCKSTEP_ERR_TLS_KEY_MISMATCH',
    options: ({ server, otherServer }) => ({ cert: server.certFile, key: otherServer.keyFile }),
  },
  {
    name: 'expired-certificate',
    requirement: 'A launch with an expired certificate is refused.',
    source: 'RFC 5280 section 4.1.2.5',
    observes: ['tls.cert'],
    code: 'LOCKSTEP_ERR_TLS_CERT_EXPIRED',
    options: ({ expired }) => ({ cert: expired.certFile, key: expired.keyFile }),
  },
  {
    name: 'certificate-before-its-time',
    requirement: 'A launch with a certificate that is not valid yet is refused.',
    source: 'RFC 5280 section 4.1.2.5',
    observes: ['tls.cert'],
    code: 'LOCKSTEP_ERR_TLS_CERT_NOT_YET_VALID',
    options: ({ notYetValid }) => ({ cert: notYetValid.certFile, key: notYetValid.keyFile }),
  },
  {
    name: 'chain-in-the-wrong-order',
    requirement: 'A launch with a chain whose first certificate is not the leaf is refused.',
    source: 'RFC 8446 section 4.4.2',
    observes: ['tls.cert'],
    code: 'LOCKSTEP_ERR_TLS_CHAIN_ORDER',
    options: ({ reversedFile, server }) => ({ cert: reversedFile, key: server.keyFile }),
  },
  {
    name: 'missing-file',
    requirement: "A launch with a certificate file that can't be read is refused.",
    source: 'docs/errors.md',
    observes: ['tls.cert'],
    code: 'LOCKSTEP_ERR_TLS_FILE_UNREADABLE',
    options: ({ server }) => ({ cert: `${server.certFile}.missing`, key: server.keyFile }),
  },
  {
    name: 'certificate-that-is-none',
    requirement: 'A launch with a certificate file that holds no certificate is refused.',
    source: 'RFC 7468 section 5',
    observes: ['tls.cert'],
    code: 'LOCKSTEP_ERR_TLS_CERT_INVALID',
    options: ({ garbageFile, server }) => ({ cert: garbageFile, key: server.keyFile }),
  },
  {
    name: 'utf-16',
    requirement:
      'A launch with a PEM file in UTF-16, as PowerShell writes it, is refused, and the error names the encoding.',
    source: 'RFC 7468 section 2',
    observes: ['tls.cert'],
    code: 'LOCKSTEP_ERR_TLS_ENCODING',
    options: ({ utf16File, server }) => ({ cert: utf16File, key: server.keyFile }),
  },
  {
    name: 'unknown-cipher',
    requirement:
      'A launch with a cipher that OpenSSL does not know is refused, also if the list has known ones too.',
    source: 'openssl-ciphers(1)',
    observes: ['tls.ciphers'],
    code: 'LOCKSTEP_ERR_TLS_CIPHER_UNKNOWN',
    options: (all) => ({
      ...serverPair({ certificates: all }),
      ciphers: 'ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES257-GCM',
    }),
  },
  {
    name: 'unknown-ciphersuite',
    requirement:
      'A launch with a TLS 1.3 suite that OpenSSL does not know is refused, also if the list has known ones too.',
    source: 'RFC 8446 appendix B.4',
    observes: ['tls.ciphersuites'],
    code: 'LOCKSTEP_ERR_TLS_CIPHER_UNKNOWN',
    options: (all) => ({
      ...serverPair({ certificates: all }),
      ciphersuites: 'TLS_AES_256_GCM_SHA384:TLS_AES_257_GCM_SHA384',
    }),
  },
  {
    name: 'empty-version-range',
    requirement: 'A launch with a lowest version above the highest is refused.',
    source: 'docs/options.md: tls.minVersion',
    observes: ['tls.minVersion', 'tls.maxVersion'],
    code: 'LOCKSTEP_ERR_TLS_VERSION_RANGE',
    options: (all) => ({
      ...serverPair({ certificates: all }),
      minVersion: 'TLSv1.3',
      maxVersion: 'TLSv1.2',
    }),
  },
  {
    name: 'client-authentication-without-ca',
    requirement:
      'A launch that asks for client certificates without a CA is refused, and does not use the public roots instead.',
    source: 'docs/options.md: tls.ca',
    observes: ['tls.clientAuth', 'tls.ca'],
    code: 'LOCKSTEP_ERR_TLS_CLIENT_AUTH_WITHOUT_CA',
    options: (all) => ({ ...serverPair({ certificates: all }), clientAuth: 'require' }),
  },
  {
    name: 'ca-without-client-authentication',
    requirement: 'A launch with a CA but without client authentication is refused.',
    source: 'docs/options.md: tls.ca',
    observes: ['tls.clientAuth', 'tls.ca'],
    code: 'LOCKSTEP_ERR_TLS_CA_UNUSED',
    options: (all) => ({ ...serverPair({ certificates: all }), ca: all.clientAuthorityFile }),
  },
  {
    name: 'ca-that-is-none',
    requirement: 'A launch with a CA file that holds no certificate is refused.',
    source: 'docs/options.md: tls.ca',
    observes: ['tls.ca'],
    code: 'LOCKSTEP_ERR_TLS_CA_INVALID',
    options: (all) => ({ ...serverPair({ certificates: all }), ca: all.garbageFile, clientAuth: 'require' }),
  },
  {
    name: 'policy-without-certificate',
    requirement: 'A launch with a TLS policy but no certificate is refused instead of serving plain HTTP.',
    source: 'DESIGN: the founding bug',
    observes: ['tls.minVersion'],
    code: 'LOCKSTEP_ERR_TLS_WITHOUT_CERT',
    options: () => ({ minVersion: 'TLSv1.3' }),
  },
]

export const tlsRefusalCases: readonly ConformanceCase[] = mistakes.map(
  ({ name, requirement, source, observes, code, options }) => ({
    id: `tls/refuses/${name}`,
    level: 'MUST',
    requirement,
    source,
    observes,
    run: ({ mustRefuse, certificates }) => mustRefuse({ tls: options(certificates) }, code),
  }),
)
