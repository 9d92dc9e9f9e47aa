import type { ResolvedOptions } from '../../options/resolve-options.ts'

/**
 * Where the certificate and its key come from. A further source, such as an ACME account, becomes a member here, and the
 * compiler then asks for its answer wherever the kinds are distinguished.
 */
export type CertificateSource =
  /** No TLS. */
  | { readonly kind: 'none' }
  /** What `tls.cert` and `tls.key`, or `tls.pfx`, name, which another program may renew. */
  | { readonly kind: 'files' }
  /** A leaf of the local CA, for development, which renews itself. `hosts` are those that are bound. */
  | { readonly kind: 'local-authority'; readonly hosts: readonly string[] }

/** Which source the options name. That they name one and not two is checked elsewhere (`presenceFaults`). */
export function certificateSource(options: ResolvedOptions): CertificateSource {
  const { 'tls.cert': cert, 'tls.key': key, 'tls.pfx': pfx, 'tls.selfSigned': selfSigned } = options
  if (selfSigned.value) return { kind: 'local-authority', hosts: boundHosts(options) }
  return { kind: [cert, key, pfx].every(({ value }) => value === null) ? 'none' : 'files' }
}

/** Without the addresses that mean "every interface", which are not names of a host. */
function boundHosts({ bind, host }: ResolvedOptions): string[] {
  const bound = bind.value?.flatMap((address) => (address.kind === 'tcp' ? [address.host] : [])) ?? [
    host.value,
  ]
  return bound.filter((name) => name !== '0.0.0.0' && name !== '::')
}
