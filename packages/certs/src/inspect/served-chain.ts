import type { X509Certificate } from 'node:crypto'
import type { ConnectionOptions, TLSSocket } from 'node:tls'

/** What a client needs that is to see even what it would refuse: old versions, weak keys, strangers. */
export const seeEverything = {
  rejectUnauthorized: false,
  minVersion: 'TLSv1',
  // Unset, it is a setting of this process, such as `--tls-max-v1.2`.
  maxVersion: 'TLSv1.3',
  ciphers: 'ALL:@SECLEVEL=0',
} as const satisfies ConnectionOptions

/**
 * The certificates as they came over the wire, in their order. (`getPeerCertificate(true)` puts them in order by itself and
 * leaves out what does not fit, so that the fault would not be seen.) A socket returns them once: Node removes them as it
 * returns them.
 */
export function servedChain(socket: TLSSocket): X509Certificate[] {
  const chain: X509Certificate[] = []
  for (
    let next: X509Certificate | undefined = socket.getPeerX509Certificate();
    next !== undefined;
    next = next.issuerCertificate
  )
    chain.push(next)
  return chain
}
