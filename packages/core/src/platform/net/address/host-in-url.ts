import { isIPv6 } from 'node:net'

/** A host as URLs and `Host` fields write it: an IPv6 address has brackets around it (RFC 3986 section 3.2.2). */
export function hostInUrl(host: string): string {
  return host.includes(':') && isIPv6(host) ? `[${host}]` : host
}
