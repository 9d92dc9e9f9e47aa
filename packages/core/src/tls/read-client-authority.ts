import type { Fault } from '../errors/launch-error.ts'
import type { ResolvedOptions } from '../options/resolve-options.ts'
import type { Finding } from './finding.ts'
import { pemMaterial } from './pem-material.ts'
import { authorityFaults, readCertificates, validityFaults } from './read-chain.ts'

/** Reads the CA that client certificates must chain to. Asking without a CA, or a CA without asking, is half a setting. */
export function readClientAuthority(
  { 'tls.ca': ca, 'tls.clientAuth': clientAuth }: ResolvedOptions,
  { now }: { now: Date },
): Finding<string> {
  const [material] = pemMaterial('tls.ca', ca)
  if (!material)
    return { value: null, faults: clientAuth.value === 'none' ? [] : [withoutAuthority(clientAuth)] }
  const { name: what, source } = material
  const unused = clientAuth.value === 'none' ? [unusedAuthority(source)] : []
  const { certificates, faults } = readCertificates(material, {
    code: 'ERR_TLS_CA_INVALID',
    also: /PRIVATE KEY$/,
  })
  return {
    value: certificates.map((certificate) => certificate.toString()).join(''),
    faults: [
      ...unused,
      ...faults,
      ...certificates.flatMap((certificate) => validityFaults(certificate, { what, source, now })),
      ...authorityFaults(certificates, { what, source }),
    ],
  }
}

function withoutAuthority({ value, source }: ResolvedOptions['tls.clientAuth']): Fault {
  return {
    code: 'ERR_TLS_CLIENT_AUTH_WITHOUT_CA',
    message: `Client certificates are asked for (${source.label} is ${value}), but no CA says which are trusted.`,
    hint: 'Set --tls-ca to the certificates that may issue them.',
    source: source.label,
  }
}

function unusedAuthority(source: string): Fault {
  return {
    code: 'ERR_TLS_CA_UNUSED',
    message: `${source} gives a CA, but client certificates are not asked for, so nobody would be checked against it.`,
    hint: 'Set --tls-client-auth to request or require, or leave the CA out. Intermediates belong into the certificate file.',
    source,
  }
}
