import { bindAddresses } from '../kinds/bind-address.ts'
import { oneOf, path, wholeNumber } from '../kinds/kinds.ts'
import { hstsPolicy } from '../kinds/tls/hsts-policy.ts'
import { protocolList } from '../kinds/tls/protocol-list.ts'
import { trustedPeerList } from '../kinds/trusted-peers.ts'
import { option } from '../option-row.ts'

/** What HTTP does on a TLS port, and beside it, and behind a proxy. */
export const httpRows = {
  'tls.protocols': option({
    kind: protocolList,
    default: 'http/1.1',
    flags: ['--tls-protocols'],
    aliases: [{ flag: '--http-protocols', of: 'gunicorn' }],
    group: 'tls',
    summary: 'Versions of HTTP to serve over TLS, in order of preference.',
    description:
      'Negotiated by ALPN (RFC 7301). A client that offers only other protocols is refused. A client that offers none gets HTTP/1.1, or 505 when only `h2` is served. The same apps are served over both. WebSockets need `http/1.1`. `h2c` and `h3` are refused.',
    takesEffect: 'start',
    station: 'serve',
  }),
  'tls.hsts': option({
    kind: hstsPolicy,
    default: null,
    flags: ['--tls-hsts'],
    group: 'tls',
    summary: 'Tell browsers to use only HTTPS for this host, and for how long (Strict-Transport-Security).',
    description:
      'Such as `365d includeSubDomains` (RFC 6797). Sent with every response of the app over TLS, never over plain HTTP. Behind a proxy of `proxy.trusted` that ends TLS, it needs no certificate. If the app sets the header itself, its value wins. Start with a short time, because browsers remember it.',
    takesEffect: 'start',
    station: 'serve',
  }),
  'tls.redirect': option({
    kind: bindAddresses,
    default: null,
    flags: ['--tls-redirect'],
    group: 'tls',
    summary: 'Redirect plain HTTP on this address to HTTPS. May be given several times.',
    description:
      'In the forms of `bind`, such as `:80`. Each request is answered with 308 and the same host and path under `https://`, on the first TCP port that is bound or on `tls.redirectPort`. A host for which there is no certificate gets 421, and a request without a proper `Host` gets 400. The app sees none of these requests.',
    takesEffect: 'start',
    station: 'backend',
  }),
  'tls.redirectPort': option({
    kind: wholeNumber({ min: 1, max: 65_535 }),
    default: null,
    flags: ['--tls-redirect-port'],
    group: 'tls',
    summary: 'HTTPS port to which --tls-redirect sends clients. Default: the port that is bound.',
    description:
      'For a port that is mapped, as by a container: bound to 8443 and published as 443, it is 443, and the address then leaves it out. Unset, it is the first TCP port that is bound. Where only UNIX domain sockets are bound, a redirect needs this option. Needs `tls.redirect`.',
    takesEffect: 'start',
    station: 'serve',
  }),
  'tls.keylog': option({
    kind: path('the path of a file'),
    default: null,
    flags: ['--tls-keylog'],
    group: 'tls',
    summary: 'Write the secrets of every TLS connection to this file, to read traffic while debugging.',
    description:
      'In the format that Wireshark reads (NSS). With this file, anyone can read these connections, and under TLS 1.2 also forge them. So this option is accepted only as a flag or in the API, where it is seen, and each start warns of it. The file gets mode 0600, on Windows the permissions of its folder.',
    takesEffect: 'start',
    station: 'serve',
  }),
  'proxy.trusted': option({
    kind: trustedPeerList,
    default: null,
    flags: ['--forwarded-allow-ips'],
    ambientVariables: ['FORWARDED_ALLOW_IPS'],
    group: 'proxy',
    summary: 'Proxies whose word counts for the address, scheme and host of the client.',
    description:
      'Their header (`proxy.header`) is read from the right, and the first address that is not one of these proxies is the client. The access log, redirects, HSTS, `clientFacts()` and the `Request.url` of a Fetch app use what it says. The app gets each `X-Forwarded-…` field with that one value. From all other clients, Lockstep removes `X-Forwarded-…`, `Forwarded`, `X-Real-IP` and `Client-Cert…`, also with `_` in their names. Unset, no proxy is trusted: Lockstep uses the connection itself, and passes these fields to a Node app as they come, for frameworks with a setting of their own.',
    takesEffect: 'start',
    station: 'serve',
  }),
  'proxy.header': option({
    kind: oneOf(['x-forwarded', 'forwarded']),
    default: 'x-forwarded',
    flags: ['--forwarded-header'],
    group: 'proxy',
    summary: 'Header in which trusted proxies name the client.',
    description:
      '`x-forwarded` is `X-Forwarded-For`, `X-Forwarded-Proto` and `X-Forwarded-Host`, and `forwarded` is `Forwarded` (RFC 7239). The other one never counts, and does not reach the app as the proxy has sent it: a proxy that sets only one of them may pass on the other one from a client. Needs `proxy.trusted`.',
    takesEffect: 'start',
    station: 'serve',
  }),
  'proxy.protocol': option({
    kind: oneOf(['off', 'require']),
    default: 'off',
    flags: ['--proxy-protocol'],
    group: 'proxy',
    summary: 'Demand the PROXY protocol, version 1 or 2, at the start of each connection.',
    description:
      'A load balancer that passes TCP on sends it before the first byte of the client, TLS included. It names the client for the access log, events, `clientFacts()` and the socket that the app sees. With `require`, a connection without it is closed, on every address and on those of `tls.redirect`. So is one from another sender than those of `proxy.trusted`; a program on this machine may send a header that names no client (LOCAL), as health checks do. The time for the header is that of `tls.handshakeTimeout`. Needs `proxy.trusted`.',
    takesEffect: 'start',
    station: 'serve',
  }),
}
