import { domainToASCII } from 'node:url'

/** A host as it is in a ClientHello (RFC 6066 section 3). A text that is not a name stays as it is, so that it can be shown. */
export function canonicalHost(given: string): string {
  const host = given.trim().replace(/\.$/, '')
  const wildcard = host.startsWith('*.') ? '*.' : ''
  return wildcard + (domainToASCII(host.slice(wildcard.length)) || host.slice(wildcard.length))
}
