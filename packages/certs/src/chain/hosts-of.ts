import type { X509Certificate } from 'node:crypto'
import { isIPv6 } from 'node:net'

/** DNS names and IP addresses of the subjectAltName extension, addresses as RFC 5952 writes them. */
export function hostsOf({ subjectAltName }: X509Certificate): string[] {
  return (subjectAltName ?? '')
    .split(', ')
    .flatMap((entry) => /^(?:DNS|IP Address):"?([^"]+)"?$/.exec(entry)?.[1] ?? [])
    .map(canonicalAddress)
}

/** An IPv6 address as RFC 5952 writes it, so that equal addresses are equal texts (OpenSSL writes out all the zeros); any other text as it is. */
export function canonicalAddress(text: string): string {
  return isIPv6(text) && !text.includes('%') ? new URL(`http://[${text}]`).hostname.slice(1, -1) : text
}
