import { oneOf } from './kinds.ts'
import { option } from './option-row.ts'
import { sniHosts } from './sni-hosts.ts'

/** Certificates by the host that a client names. */
export const tlsSniRows = {
  'tls.sni': option({
    kind: sniHosts,
    default: null,
    flags: ['--tls-sni'],
    group: 'tls',
    summary: 'Certificates of their own for some hosts, by the name that a client asks for.',
    description:
      "In the API and in a configuration file an object: `{ 'shop.example.com': { cert, key }, '*.example.org': { pfx, passphraseFile } }`, each with `cert` and `key` or `pfx` and, where it differs from that of the default host, a `passphrase`, `passphraseFile` or `passphraseCommand`. As text `HOST=CERT,KEY` or `HOST=PFX`; repeat the flag, or write semicolons between. A wildcard stands for one label. Upper case and IDNA make no difference. Several chains of one host add up. Only certificates differ by host: versions, ciphers and client authentication are the same for all, since Node would silently ignore them here, and a resumed session would pass by them.",
    takesEffect: 'reload',
    isSecret: true,
    station: 'serve',
  }),
  'tls.unknownHost': option({
    kind: oneOf(['default', 'reject']),
    default: 'default',
    flags: ['--tls-unknown-host'],
    group: 'tls',
    summary: 'What a client gets that asks for a host without a certificate.',
    description:
      '`default` shows the certificate of `tls.cert`; `reject` ends the handshake. Known are the hosts of `tls.sni` and the names in the certificate of `tls.cert`. A client that names no host, as for an IP address, always gets the default one.',
    takesEffect: 'reload',
    station: 'serve',
  }),
}
