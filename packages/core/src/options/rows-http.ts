import { bindAddresses } from './bind-address.ts'
import { hstsPolicy } from './hsts-policy.ts'
import { path, wholeNumber } from './kinds.ts'
import { option } from './option-row.ts'
import { protocolList } from './protocol-list.ts'

/** What HTTP does on a TLS port, and beside it. */
export const httpRows = {
  'tls.protocols': option({
    kind: protocolList,
    default: 'http/1.1',
    flags: ['--tls-protocols'],
    aliases: [{ flag: '--http-protocols', of: 'gunicorn' }],
    group: 'tls',
    summary: 'The versions of HTTP that are spoken over TLS, in order of preference.',
    description:
      'Negotiated by ALPN (RFC 7301): a client that offers none of them is refused, and one that offers nothing gets HTTP/1.1, or 505 when only `h2` is spoken. The same apps are served over both; WebSockets need `http/1.1`. `h2c` and `h3` are refused.',
    takesEffect: 'start',
    station: 'serve',
  }),
  'tls.hsts': option({
    kind: hstsPolicy,
    default: null,
    flags: ['--tls-hsts'],
    group: 'tls',
    summary: 'How long browsers shall use HTTPS alone for this host (Strict-Transport-Security).',
    description:
      'Such as `365d includeSubDomains` (RFC 6797). Sent with every response of the app over TLS, never over plain HTTP; an app that sets the header itself has the last word. Start with a short time: browsers hold to what they were told.',
    takesEffect: 'start',
    station: 'serve',
  }),
  'tls.redirect': option({
    kind: bindAddresses,
    default: null,
    flags: ['--tls-redirect'],
    group: 'tls',
    summary: 'An address where plain HTTP is sent on to HTTPS. May be given several times.',
    description:
      'In the forms of `bind`, such as `:80`. Each request is answered with 308 and the same host and path under `https://`, on the first TCP port that is bound or on `tls.redirectPort`. A host that no served certificate is for gets 421, and a request without a proper `Host` gets 400. No app stands behind it.',
    takesEffect: 'start',
    station: 'backend',
  }),
  'tls.redirectPort': option({
    kind: wholeNumber({ min: 1, max: 65_535 }),
    default: null,
    flags: ['--tls-redirect-port'],
    group: 'tls',
    summary: 'The port of HTTPS as clients know it, for the redirects of `tls.redirect`.',
    description:
      'For a port that is mapped, as by a container: bound to 8443 and published as 443, it is 443, which then is left out of the address. Unset, it is the first TCP port that is bound. Where only UNIX domain sockets are bound, nothing else says where a redirect leads. Needs `tls.redirect`.',
    takesEffect: 'start',
    station: 'serve',
  }),
  'tls.keylog': option({
    kind: path('the path of a file'),
    default: null,
    flags: ['--tls-keylog'],
    group: 'tls',
    summary: 'A file for the secrets of every TLS connection, to read its traffic while debugging.',
    description:
      'In the format that Wireshark reads (NSS). Whoever has the file can read, and under TLS 1.2 also forge, what these connections carry. So it must be given by its flag or in the API, where it is seen, and is warned of at every start; the file gets mode 0600.',
    takesEffect: 'start',
    station: 'serve',
  }),
}
