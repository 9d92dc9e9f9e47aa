import type { X509Certificate } from 'node:crypto'
import { oneLine } from './read-chain.ts'

/** What some clients will refuse in a leaf, and others won't. */
export function leafWarnings(leaf: X509Certificate, what: string): string[] {
  const name = `The certificate ${oneLine(leaf.subject)} in ${what}`
  return [
    ...(leaf.subjectAltName === undefined
      ? [`${name} has no subjectAltName: browsers look at nothing else for the name of a host (RFC 9525).`]
      : []),
    ...(leaf.ca
      ? [`${name} is a CA certificate, which some clients refuse as that of a server, Firefox among them.`]
      : []),
  ]
}
