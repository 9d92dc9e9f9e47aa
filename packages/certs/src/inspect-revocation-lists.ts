import { x509 } from './webcrypto-provider.ts'

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

const block = /-----BEGIN (?:X509 )?CRL-----[\s\S]+?-----END (?:X509 )?CRL-----/g

/** Reads every revocation list of a PEM text, or the one of a DER file. Gives `null` when there is none, or one can't be parsed. */
export function inspectRevocationLists(given: Uint8Array): readonly RevocationListFacts[] | null {
  const isDer = given[0] === 0x30
  const pieces = isDer ? [Uint8Array.from(given)] : (Buffer.from(given).toString('utf8').match(block) ?? [])
  if (pieces.length === 0) return null
  try {
    return pieces.map((piece) => facts(new x509.X509Crl(piece)))
  } catch {
    return null // Whatever is wrong with it, it is no list.
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
