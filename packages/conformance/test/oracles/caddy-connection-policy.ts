import { X509Certificate } from 'node:crypto'
import type { PlannedTls } from '@lockstep/core/backend'
import { standardCipherName } from '../../src/clients/tls/read-session.ts'

/** The TLS 1.2 suites with forward secrecy and authenticated encryption that Go's crypto/tls has. */
const goSuites: ReadonlySet<string> = new Set(
  ['ECDSA', 'RSA'].flatMap((kind) =>
    ['AES_128_GCM_SHA256', 'AES_256_GCM_SHA384', 'CHACHA20_POLY1305_SHA256'].map(
      (cipher) => `TLS_ECDHE_${kind}_WITH_${cipher}`,
    ),
  ),
)

/** Tags the certificate of the plan, so that Caddy serves it for every server name. */
export const planTag = 'plan'

const versions = { 'TLSv1.2': 'tls1.2', 'TLSv1.3': 'tls1.3' } as const

/** Whether Go can apply a list of OpenSSL's names. Go orders ciphers itself, so it can only apply a list of one. */
export function isForGo(ciphers: string): boolean {
  return goSuites.has(standardCipherName(ciphers))
}

/** The TLS part of a plan as a connection policy of Caddy (the JSON of `tls_connection_policies`). */
export function caddyConnectionPolicy(tls: PlannedTls): object {
  return {
    protocol_min: versions[tls.minVersion],
    protocol_max: versions[tls.maxVersion],
    cipher_suites: tls.ciphers
      .split(':')
      .map(standardCipherName)
      .filter((name) => goSuites.has(name)),
    alpn: ['http/1.1'],
    certificate_selection: { any_tag: [planTag] },
    ...(tls.ca !== null && {
      client_authentication: { trusted_ca_certs: derOf(tls.ca), mode: 'require_and_verify' },
    }),
  }
}

function derOf(pem: string): readonly string[] {
  const certificates = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []
  return certificates.map((one) => new X509Certificate(one).raw.toString('base64'))
}
