import type { X509Certificate } from 'node:crypto'
import { certificateFields } from './certificate-fields.ts'

export function isSelfSigned(certificate: X509Certificate): boolean {
  // `checkIssued()` says no for a leaf, which has no right to sign certificates.
  return certificate.subject === certificate.issuer && certificate.verify(certificate.publicKey)
}

/** A certificate may have an empty subject: its names are then only in the subjectAltName. */
export function oneLine(name: string | undefined): string {
  return (name ?? '').replaceAll('\n', ', ')
}

/**
 * Whether one certificate was issued by another: by name, key identifiers and signature (RFC 5280 section 6.1.3). `checkIssued()` also
 * wants the right to sign certificates, which is judged by itself, in its own words.
 */
export function issued(issuer: X509Certificate, certificate: X509Certificate): boolean {
  const fits =
    certificate.checkIssued(issuer) ||
    (isNamedAsIssuer(issuer, certificate) && certificateFields(issuer).keyUsage?.has('keyCertSign') === false)
  return fits && certificate.verify(issuer.publicKey)
}

/** By name alone: another key may have the same name. */
export function isNamedAsIssuer(issuer: X509Certificate, certificate: X509Certificate): boolean {
  return certificate.issuer === issuer.subject
}
