import { nameTable } from '../parser/name-table.ts'

/** What becomes of a header field of a request. */
export type RequestFieldKind =
  | 'passed'
  | 'dropped'
  /** Passed on if a trusted proxy has sent the request. */
  | 'of-proxy'
  | 'invalid'
  /** The front handles it itself. */
  | 'host'
  | 'connection'
  | 'te'
  | 'trailer'
  | 'expect'
  | 'x-forwarded-port'
  | 'content-length'
  | 'transfer-encoding'

/**
 * Decides by the name of a field. Left out are:
 * - what belongs to the connection (RFC 9110 section 7.6.1),
 * - what only a proxy may say of a client, unless a trusted one has sent it: upstreams believe it, and clients could make it up,
 * - `Proxy`, which CGI programs take for the address of a proxy (httpoxy, CVE-2016-5385),
 * - each name with an underscore, as nginx does by default: WSGI and CGI programs can't distinguish it from the name with a hyphen.
 */
export const requestFieldKind: (name: string) => RequestFieldKind = nameTable<RequestFieldKind>((name) => {
  switch (name) {
    case 'host':
    case 'connection':
    case 'te':
    case 'trailer':
    case 'expect':
    case 'x-forwarded-port':
    case 'content-length':
    case 'transfer-encoding':
      return name
    case 'keep-alive':
    case 'upgrade':
    case 'http2-settings':
    case 'proxy':
      return 'dropped'
    // What the front says itself.
    case 'forwarded':
    case 'x-forwarded-for':
    case 'x-forwarded-proto':
    case 'x-forwarded-host':
      return 'dropped'
    case 'x-real-ip':
      return 'of-proxy'
  }
  if (name.includes('_') || name.startsWith('proxy-')) return 'dropped'
  return name.startsWith('x-forwarded') || name.startsWith('client-cert') ? 'of-proxy' : 'passed'
})
