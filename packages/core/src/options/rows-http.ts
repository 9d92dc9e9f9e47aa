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
}
