import type { PlannedTls } from '@lockstep/core/backend'

/** Names of the plan's files, which are in the folder of the configuration. */
export const nginxFiles = { ca: 'ca.pem', ticketKey: 'ticket.key' } as const

const chainFiles = (index: number): { cert: string; key: string } => ({
  cert: `cert-${index + 1}.pem`,
  key: `key-${index + 1}.pem`,
})

/** `optional` would answer 400 to a client of an unknown CA. `optional_no_ca` serves every client and reports whether it was verified. */
const verifyClient = { none: 'off', request: 'optional_no_ca', require: 'on' } as const

/** The TLS part of a plan as directives of nginx (its ngx_http_ssl_module), without the enclosing braces. */
export function nginxTlsDirectives(tls: PlannedTls): readonly string[] {
  const versions = (['TLSv1.2', 'TLSv1.3'] as const).filter(
    (version) => version >= tls.minVersion && version <= tls.maxVersion,
  )
  return [
    ...tls.chains
      .map((_, index) => chainFiles(index))
      .flatMap(({ cert, key }) => [`ssl_certificate ${cert};`, `ssl_certificate_key ${key};`]),
    `ssl_protocols ${versions.join(' ')};`,
    `ssl_ciphers "${tls.ciphers}";`,
    'ssl_prefer_server_ciphers on;',
    `ssl_conf_command Ciphersuites "${tls.ciphersuites}";`,
    `ssl_session_ticket_key ${nginxFiles.ticketKey};`,
    `ssl_verify_client ${verifyClient[tls.clientAuth]};`,
    // Its default depth of 1 would refuse a client below an intermediate.
    ...(tls.ca === null ? [] : [`ssl_client_certificate ${nginxFiles.ca};`, 'ssl_verify_depth 100;']),
    ...(tls.sigalgs === null ? [] : [`ssl_conf_command SignatureAlgorithms "${tls.sigalgs}";`]),
  ]
}

/** The files that those directives name. */
export function nginxTlsFiles(tls: PlannedTls): Readonly<Record<string, string | Uint8Array>> {
  return {
    ...Object.fromEntries(
      tls.chains.flatMap((chain, index) => [
        [chainFiles(index).cert, chain.cert],
        [chainFiles(index).key, chain.key],
      ]),
    ),
    [nginxFiles.ticketKey]: tls.ticketKeys,
    ...(tls.ca === null ? {} : { [nginxFiles.ca]: tls.ca }),
  }
}
