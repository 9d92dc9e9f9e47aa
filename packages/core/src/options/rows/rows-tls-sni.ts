import { oneOf } from '../kinds/kinds.ts'
import { sniHosts } from '../kinds/tls/sni-hosts.ts'
import { option } from '../option-row.ts'

/** Certificates by the host that a client names. */
export const tlsSniRows = {
  'tls.sni': option({
    kind: sniHosts,
    default: null,
    flags: ['--tls-sni'],
    group: 'tls',
    summary: 'Certificates for further hosts, selected by the name that a client asks for (SNI).',
    description:
      "In the API and in a configuration file an object: `{ 'shop.example.com': { cert, key }, '*.example.org': { pfx, passphraseFile } }`, each with `cert` and `key` or `pfx` and, where it differs from that of the default host, a `passphrase`, `passphraseFile` or `passphraseCommand`. As text `HOST=CERT,KEY` or `HOST=PFX`; repeat the flag, or separate them by semicolons. A wildcard stands for one label. Upper case and IDNA make no difference. Several chains of one host add up. Only certificates differ by host. Versions, ciphers and client authentication are the same for all hosts, because Node would ignore them here, and a resumed session would bypass them.",
    takesEffect: 'reload',
    isSecret: true,
    station: 'serve',
  }),
  'tls.unknownHost': option({
    kind: oneOf(['default', 'reject']),
    default: 'default',
    flags: ['--tls-unknown-host'],
    group: 'tls',
    summary: 'What to do with a client that asks for a host for which there is no certificate.',
    description:
      '`default` shows the certificate of `tls.cert`; `reject` ends the handshake. Known hosts are those of `tls.sni` and the names in the certificate of `tls.cert`. A client that names no host, as for an IP address, always gets the default certificate.',
    takesEffect: 'reload',
    station: 'serve',
  }),
}
