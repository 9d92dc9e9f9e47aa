import type { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { duplexPair } from 'node:stream'
import {
  type ConnectionOptions,
  connect,
  createSecureContext,
  type TLSSocket,
  TLSSocket as Tls,
} from 'node:tls'

/** What a client needs that is to see even what it would refuse: old versions, weak keys, strangers. */
export const seeEverything = {
  rejectUnauthorized: false,
  minVersion: 'TLSv1',
  ciphers: 'ALL:@SECLEVEL=0',
} as const satisfies ConnectionOptions

/**
 * The certificates as they came over the wire, in their order. (`getPeerCertificate(true)` puts them in order by itself and
 * leaves out what does not fit, so that nobody would see what is wrong.) A socket tells them once: Node takes them out as it
 * tells them.
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

/**
 * The certificates of a PKCS#12 file, as a server would send them. Node opens such a file only for a TLS context, so a
 * handshake in memory asks for them. Throws what OpenSSL says against the file.
 */
export async function chainOfBundle(
  bytes: Uint8Array,
  passphrase: string | undefined,
): Promise<X509Certificate[]> {
  const secureContext = createSecureContext({
    pfx: Buffer.from(bytes),
    ...(passphrase !== undefined && { passphrase }),
    ciphers: seeEverything.ciphers,
  })
  const [serverSide, clientSide] = duplexPair()
  const server = new Tls(serverSide, { isServer: true, secureContext })
  const client = connect({ ...seeEverything, socket: clientSide })
  try {
    const failed = once(server, 'error').then(([error]) => Promise.reject(error as Error))
    await Promise.race([once(client, 'secureConnect'), failed])
    return servedChain(client)
  } finally {
    client.on('error', () => undefined).destroy()
    server.on('error', () => undefined).destroy()
  }
}
