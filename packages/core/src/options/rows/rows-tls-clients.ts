import { pemList } from '../kinds/kinds.ts'
import { option } from '../option-row.ts'

/** What is known of client certificates beside the CA. */
export const tlsClientRows = {
  'tls.crl': option({
    kind: pemList('a certificate revocation list'),
    default: null,
    flags: ['--tls-crl'],
    group: 'tls',
    summary: 'Revocation lists for client certificates.',
    description:
      'Lists as PEM or DER (RFC 5280 section 5), one for each certificate of `tls.ca`: OpenSSL refuses every client whose CA has no list, so a missing one is an error, and so is one that has expired or that no configured CA has signed. Where clients send an intermediate, it needs a list too, and its certificate belongs into `tls.ca`, so that the signature of its list can be checked at the start; that makes it no root. Needs `tls.clientAuth`. When a reload changes this, `tls.ca` or `tls.clientAuth`, earlier connections drain within `timeouts.graceful`.',
    takesEffect: 'reload',
    station: 'serve',
  }),
}
