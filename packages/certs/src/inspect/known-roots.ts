import { X509Certificate } from 'node:crypto'
import { getCACertificates } from 'node:tls'

/** A root that this machine, Node or the local CA trusts. */
export interface KnownRoot {
  readonly certificate: X509Certificate
  readonly trustedBy: 'given' | 'machine' | 'public' | 'local CA'
}

/**
 * The roots of a client on this machine: those that were named, the machine's own trust store, Mozilla's list, which comes
 * with Node, and the local CA of this user, trusted or not.
 */
export function knownRoots({
  given = [],
  localRootPem = null,
}: {
  given?: readonly X509Certificate[]
  localRootPem?: string | null
}): KnownRoot[] {
  const as = (trustedBy: KnownRoot['trustedBy'], pems: readonly string[]): KnownRoot[] =>
    pems.map((pem) => ({ certificate: new X509Certificate(pem), trustedBy }))
  return [
    ...given.map((certificate) => ({ certificate, trustedBy: 'given' as const })),
    ...as('machine', getCACertificates('system')),
    ...as('public', getCACertificates('bundled')),
    ...as('local CA', localRootPem === null ? [] : [localRootPem]),
  ]
}

/** Whether the trust store of this machine has a root. Node reads the store once in the life of a process. */
export function machineTrusts({ fingerprint256 }: Pick<X509Certificate, 'fingerprint256'>): boolean {
  return getCACertificates('system').some((pem) => new X509Certificate(pem).fingerprint256 === fingerprint256)
}
