import { x509 } from '../crypto/webcrypto-provider.ts'

/** What one certificate revocation list says (RFC 5280 section 5). */
export interface RevocationListFacts {
  readonly issuer: string
  readonly thisUpdate: Date
  /** `null`: it does not say when the next one comes. */
  readonly nextUpdate: Date | null
  readonly pem: string
  /** Whether the holder of this certificate has signed it, by name and by signature. */
  isIssuedBy(certPem: string): Promise<boolean>
}

/** Reads a revocation list in DER. Returns `null` when it can't be parsed. */
export function inspectRevocationList(der: Uint8Array): RevocationListFacts | null {
  try {
    return facts(new x509.X509Crl(Uint8Array.from(der)))
  } catch {
    return null // Not a list.
  }
}

function facts(list: x509.X509Crl): RevocationListFacts {
  return {
    issuer: list.issuer,
    thisUpdate: list.thisUpdate,
    nextUpdate: list.nextUpdate ?? null,
    // RFC 7468 section 6 names it so; the library's own label is another.
    pem: `${list.toString('pem').replaceAll(/(?:X509 )?CRL-----/g, 'X509 CRL-----')}\n`,
    async isIssuedBy(certPem) {
      const certificate = new x509.X509Certificate(certPem)
      return certificate.subject === list.issuer && (await list.verify({ publicKey: certificate }))
    },
  }
}
