import type { X509Certificate } from 'node:crypto'
import { isIP, isIPv6 } from 'node:net'
import type { ClientFacts } from '../../app/request/client-facts.ts'
import { hostInUrl } from '../../platform/net/address/host-in-url.ts'

/** What a redirect listener says to a request over plain HTTP. */
export type RedirectAnswer =
  | { readonly status: 308; readonly location: string }
  /** 400: it is unclear what was meant. 421: it was meant for a host that is not served here, or needs no redirect. */
  | { readonly status: 400 | 421 }

/**
 * Where a request belongs under HTTPS. The host is what the client named, so it is checked against the certificates that are
 * served: else anybody could make this server send people anywhere. 308 keeps method and body (RFC 9110 section 15.4.9).
 */
export function redirectAnswer(
  {
    target,
    hosts,
    forwarded = null,
  }: {
    target: string
    hosts: readonly string[]
    /** What is known of the client, where a proxy may have said it. */
    forwarded?: Pick<ClientFacts, 'scheme' | 'host' | 'isForwarded'> | null
  },
  { certificates, httpsPort }: { certificates: readonly X509Certificate[]; httpsPort: number },
): RedirectAnswer {
  const [host] = hosts
  if (host === undefined || hosts.length > 1) return { status: 400 }
  // A target with a host in it overrides the header: RFC 9112 section 3.2.2.
  const [, authority = host, path = ''] = /^(?:http:\/\/([^/?#]*))?(.*)$/is.exec(target) ?? []
  const name = nameOf((forwarded?.isForwarded && forwarded.host) || authority)
  const origin = /^[/?]/.test(path) || (path === '' && target !== '')
  if (name === null || !origin) return { status: 400 }
  // A proxy that ends TLS sends here what belongs on the HTTPS port: a redirect would come back without end.
  if (forwarded?.isForwarded && forwarded.scheme === 'https') return { status: 421 }
  if (!certificates.some((certificate) => isFor(certificate, name))) return { status: 421 }
  const shown = hostInUrl(name)
  const port = httpsPort === 443 ? '' : `:${httpsPort}`
  return {
    status: 308,
    location: `https://${shown}${port}${path.startsWith('/') ? '' : '/'}${printable(path)}`,
  }
}

/** The host of `HOST`, `HOST:PORT` or `[IPv6]:PORT`, in lower case; the port is that of plain HTTP and of no interest. */
function nameOf(authority: string): string | null {
  const [, bracketed, plain] =
    /^(?:\[([0-9a-f:.]+)\]|([a-z0-9_-]+(?:\.[a-z0-9_-]+)*)\.?)(?::\d{1,5})?$/i.exec(authority) ?? []
  // A URL writes an address as RFC 5952 does.
  if (bracketed !== undefined)
    return isIPv6(bracketed) ? new URL(`http://[${bracketed}]`).hostname.slice(1, -1) : null
  return plain?.toLowerCase() ?? null
}

/** Only by its subjectAltName, as browsers judge (RFC 9110 section 4.3.4). */
function isFor(certificate: X509Certificate, name: string): boolean {
  return (
    (isIP(name) ? certificate.checkIP(name) : certificate.checkHost(name, { subject: 'never' })) !== undefined
  )
}

/** Bytes that a header can't carry, or not for certain, as a URI writes them. */
function printable(path: string): string {
  return path.replaceAll(
    /[^\x21-\x7e]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  )
}
