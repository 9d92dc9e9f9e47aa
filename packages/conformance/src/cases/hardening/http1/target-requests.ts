import { fromSource } from './ambiguous-request.ts'

const request = (line: string): string => `${line} HTTP/1.1\r\nHost: localhost\r\n\r\n`

/** The four forms of a target, each with its methods: RFC 9112 section 3.2. No target has spaces, control characters or a fragment. */
export const targetRequests = fromSource('RFC 9112 section 3.2', [
  { name: 'none', bytes: request('GET'), right: 'refused', probe: 'RFC9112-3-MISSING-TARGET' },
  { name: 'a path without a slash', bytes: request('GET outer'), right: 'refused' },
  { name: 'a question mark alone', bytes: request('GET ?outer'), right: 'refused' },
  {
    name: 'a fragment',
    bytes: request('GET /outer#part'),
    right: 'refused',
    probe: 'RFC9112-3.2-FRAGMENT-IN-TARGET',
  },
  { name: 'a space', bytes: request('GET /out er'), right: 'refused', probe: 'COMP-SPACE-IN-TARGET' },
  {
    name: 'a space and another version',
    bytes: request('GET /outer HTTP/1.0'),
    right: 'refused',
    source: 'RFC 9112 section 3',
  },
  { name: 'NUL', bytes: request('GET /out\0er'), right: 'refused', probe: 'MAL-NUL-IN-URL' },
  ...[0x01, 0x08, 0x09, 0x0b, 0x0c, 0x1b, 0x1f, 0x7f].map((code) => ({
    name: `the character ${code}`,
    bytes: request(`GET /out${String.fromCharCode(code)}er`),
    right: 'refused' as const,
  })),
  {
    name: 'bytes above ASCII',
    bytes: request('GET /\xc3\xa4'),
    right: 'either',
    sees: [{ target: '/\xc3\xa4' }],
    probe: 'MAL-NON-ASCII-URL',
  },
  {
    name: 'escaped line ends stay escaped',
    bytes: request('GET /outer%0d%0aX:%20y'),
    right: 'either',
    sees: [{ target: '/outer%0d%0aX:%20y' }],
    source: 'RFC 3986 section 2.4',
    probe: 'MAL-URL-PERCENT-CRLF',
  },
  {
    name: 'escaped NUL stays escaped',
    bytes: request('GET /outer%00'),
    right: 'either',
    sees: [{ target: '/outer%00' }],
    source: 'RFC 3986 section 2.4',
    probe: 'MAL-URL-PERCENT-NULL',
  },
  {
    name: 'dots and slashes are not changed',
    bytes: request('GET //outer/../%2e%2e/.'),
    right: 'either',
    sees: [{ target: '//outer/../%2e%2e/.' }],
    source: 'RFC 3986 section 6.2.2.3',
  },
  {
    name: 'a target of 64 KiB',
    bytes: request(`GET /${'a'.repeat(65_536)}`),
    right: 'refused',
    source: 'RFC 9112 section 3',
    probe: 'MAL-LONG-URL',
  },
  {
    name: 'an asterisk with GET',
    bytes: request('GET *'),
    right: 'refused',
    source: 'RFC 9112 section 3.2.4',
    probe: 'COMP-ASTERISK-WITH-GET',
  },
  {
    name: 'an asterisk with OPTIONS',
    bytes: request('OPTIONS *'),
    right: 'either',
    sees: [{ target: '*' }],
    source: 'RFC 9112 section 3.2.4',
    probe: 'COMP-OPTIONS-STAR',
  },
  { name: 'an asterisk with a path', bytes: request('OPTIONS */outer'), right: 'refused' },
  {
    name: 'a host and port with GET',
    bytes: request('GET localhost:80'),
    right: 'refused',
    source: 'RFC 9112 section 3.2.3',
  },
  {
    name: 'a path with CONNECT',
    bytes: request('CONNECT /outer'),
    right: 'refused',
    source: 'RFC 9112 section 3.2.3',
  },
  {
    name: 'a host and port with CONNECT: the server is not a proxy',
    bytes: request('CONNECT localhost:80'),
    right: 'refused',
    source: 'RFC 9110 section 9.3.6',
    probe: 'COMP-METHOD-CONNECT',
  },
  {
    name: 'CONNECT without a port',
    bytes: request('CONNECT localhost'),
    right: 'refused',
    source: 'RFC 9110 section 9.3.6',
  },
])
