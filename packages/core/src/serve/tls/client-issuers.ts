import type { X509Certificate } from 'node:crypto'
import type { TLSSocket } from 'node:tls'
import { nodeCrypto } from '../../platform/node/node-crypto.ts'

/** It is stored on the socket, since over HTTP/2 the socket of a request is a new object each time, which passes on its members. */
const place = Symbol('client CAs')

interface MarkedSocket {
  [place]?: () => readonly X509Certificate[]
}

/** A chain that is longer than this is not worth its size in a header. */
const longestChain = 8

/** Returns a function that remembers on a socket which CAs have judged its client. `pem`: the CAs, one after the other. */
export function issuerMemory(pem: string | null): (socket: TLSSocket) => void {
  let parsed: readonly X509Certificate[] | null = null
  const read = (): readonly X509Certificate[] => {
    parsed ??= (pem?.match(block) ?? []).map((text) => new (nodeCrypto().X509Certificate)(text))
    return parsed
  }
  return (socket) => {
    ;(socket as MarkedSocket)[place] = read
  }
}

const block = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g

/**
 * The CAs among those of the server that have issued a client's certificate, the nearest first. Node has no safe way to the certificates that the client
 * itself has sent with it: `getPeerCertificate(true)` ends the process if one of them has a key on a curve such as brainpoolP256r1.
 */
export function issuersOf(socket: object, leaf: X509Certificate): X509Certificate[] {
  const known = (socket as MarkedSocket)[place]?.() ?? []
  const issuers: X509Certificate[] = []
  for (let current = leaf; issuers.length < longestChain; ) {
    const issuer = known.find((one) => hasIssued(one, current))
    if (!issuer) break
    issuers.push(issuer)
    if (hasIssued(issuer, issuer)) break
    current = issuer
  }
  return issuers
}

function hasIssued(issuer: X509Certificate, certificate: X509Certificate): boolean {
  try {
    return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey)
  } catch {
    // A key that Node can't read.
    return false
  }
}
