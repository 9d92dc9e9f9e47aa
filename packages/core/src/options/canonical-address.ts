import { isIPv6 } from 'node:net'

/** An IPv6 address as RFC 5952 writes it, so that equal addresses are equal texts; any other text as it is. */
export function canonicalAddress(text: string): string {
  return isIPv6(text) && !text.includes('%') ? new URL(`http://[${text}]`).hostname.slice(1, -1) : text
}
