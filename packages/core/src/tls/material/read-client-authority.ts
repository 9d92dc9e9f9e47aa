import type { X509Certificate } from 'node:crypto'
import { oneLine } from '@lockstep/certs/judge'
import type { Fault } from '../../errors/launch-error.ts'
import type { LauncherBrand } from '../../options/launcher-brand.ts'
import type { ResolvedOptions } from '../../options/resolve-options.ts'
import { spelledLike } from '../../options/sources/spelled-like.ts'
import type { Finding } from '../finding.ts'
import type { PlannedTls } from '../planned-tls.ts'
import { authorityFaults, readCertificates, validityFaults } from './read-chain.ts'
import { type PemMaterial, pemMaterial } from './read-pem.ts'

/** The CAs that client certificates must chain to. */
export interface ClientAuthority extends Finding<string> {
  readonly certificates: readonly X509Certificate[]
  /** Those that have expired. They no longer vouch for any client, and are left out. */
  readonly leftOut: readonly X509Certificate[]
  readonly warnings: readonly string[]
}

/**
 * Reads the CAs that client certificates must chain to. Asking without a CA, or a CA without asking, is half a setting. A CA that has
 * expired is left out while another one is there: it does not change any more, so it must not block what does. When all have
 * expired, that is refused, except for a server that already uses them.
 */
export function readClientAuthority(
  { 'tls.ca': ca, 'tls.clientAuth': clientAuth }: ResolvedOptions,
  { now, served, brand }: { now: Date; served: PlannedTls | null; brand?: LauncherBrand | undefined },
): ClientAuthority {
  const materials = pemMaterial('tls.ca', ca)
  const [first] = materials
  if (!first)
    return { ...nothing, faults: clientAuth.value === 'none' ? [] : [withoutAuthority(clientAuth, brand)] }
  const unused =
    clientAuth.value === 'none'
      ? [unusedAuthority(first.source, spelledLike(ca.source, 'tls.clientAuth', brand))]
      : []
  const read = materials.map((material) => ({
    material,
    ...readCertificates(material, { code: 'LOCKSTEP_ERR_TLS_CA_INVALID', also: /PRIVATE KEY$/ }),
  }))
  const all = read.flatMap(({ certificates, material }) =>
    certificates.map((certificate) => ({ certificate, material })),
  )
  const faults = [...unused, ...read.flatMap((each) => each.faults)]
  const expired = all.filter(({ certificate }) => certificate.validToDate < now)
  const current = all.filter((each) => !expired.includes(each))
  const inUse = served?.ca === pemOf(all)
  if (current.length === 0 && !inUse)
    return {
      ...nothing,
      value: pemOf(all),
      faults: [...faults, ...expired.flatMap((each) => timeFaults(each, now))],
    }
  const kept = current.length === 0 ? all : current
  const early = current.filter(({ certificate }) => certificate.validFromDate > now)
  const isTooEarly = early.length > 0 && early.length === current.length
  return {
    value: pemOf(kept),
    certificates: kept.map(({ certificate }) => certificate),
    leftOut: current.length === 0 ? [] : expired.map(({ certificate }) => certificate),
    faults: [
      ...faults,
      ...(isTooEarly ? early.flatMap((each) => timeFaults(each, now)) : []),
      ...read.flatMap(({ certificates, material: { name: what, source } }) =>
        authorityFaults(
          certificates.filter((certificate) => kept.some((each) => each.certificate === certificate)),
          { what, source },
        ),
      ),
    ],
    warnings: [
      ...expired.map(
        ({ certificate, material }) =>
          `The CA certificate ${oneLine(certificate.subject)} in ${material.name} expired on ${certificate.validToDate.toISOString()}, so ${current.length === 0 ? 'every client that shows a certificate by it is refused' : 'it is left out: it no longer vouches for any client. Take it out of the file'}.`,
      ),
      ...(isTooEarly
        ? []
        : early.map(
            ({ certificate, material }) =>
              `The CA certificate ${oneLine(certificate.subject)} in ${material.name} is valid only from ${certificate.validFromDate.toISOString()}: until then it vouches for no client.`,
          )),
    ],
  }
}

const nothing: ClientAuthority = { value: null, certificates: [], leftOut: [], faults: [], warnings: [] }

function timeFaults(
  { certificate, material: { name: what, source } }: { certificate: X509Certificate; material: PemMaterial },
  now: Date,
): Fault[] {
  return validityFaults(certificate, { what, source, now })
}

function pemOf(all: readonly { certificate: X509Certificate }[]): string {
  return all.map(({ certificate }) => certificate.toString()).join('')
}

function withoutAuthority(
  { value, source }: ResolvedOptions['tls.clientAuth'],
  brand: LauncherBrand | undefined,
): Fault {
  return {
    code: 'LOCKSTEP_ERR_TLS_CLIENT_AUTH_WITHOUT_CA',
    message: `Client certificates are asked for (${source.label} is ${value}), but no CA says which are trusted.`,
    hint: `Set ${spelledLike(source, 'tls.ca', brand)} to the certificates that may issue them.`,
    source: source.label,
  }
}

function unusedAuthority(source: string, clientAuth: string): Fault {
  return {
    code: 'LOCKSTEP_ERR_TLS_CA_UNUSED',
    message: `${source} sets a CA, but client certificates are not asked for, so no client would be checked against it.`,
    hint: `Set ${clientAuth} to request or require, or leave the CA out. Intermediates belong into the certificate file.`,
    source,
  }
}
