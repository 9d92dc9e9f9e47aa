import { type webcrypto, X509Certificate } from 'node:crypto'
import { x509 } from '../crypto/webcrypto-provider.ts'
import { createKeyPair, exportKey } from './key-pair.ts'
import { type KeyType, keyTypes } from './key-types.ts'
import { privateNameConstraints } from './private-name-constraints.ts'
import { serialNumber } from './serial-number.ts'

const dayMs = 86_400_000

/** A certificate that may issue others, with its key, in memory. */
export interface Authority {
  readonly certPem: string
  /** PKCS#8. */
  readonly keyPem: string
  /** Who issued it; `null` for a root. */
  readonly issuer: Authority | null
  readonly keys: webcrypto.CryptoKeyPair
  readonly keyType: KeyType
  /** SHA-256 of the DER, as `AA:BB:…`. */
  readonly fingerprint256: string
}

/** Makes a root, or with an `issuer` an intermediate (RFC 5280 section 4.2.1.9). */
export async function createAuthority({
  commonName,
  keyType = 'ec-p256',
  issuer = null,
  notBefore = new Date(Date.now() - dayMs),
  notAfter = new Date(Date.now() + 365 * dayMs),
  onlyPrivateNames = false,
}: {
  commonName: string
  keyType?: KeyType
  issuer?: Authority | null
  notBefore?: Date
  notAfter?: Date
  /** Limits it to certificates for TLS, issued by itself, for names that can't exist on the public Internet. */
  onlyPrivateNames?: boolean
}): Promise<Authority> {
  const keys = await createKeyPair(keyType)
  const parent = issuer && new x509.X509Certificate(issuer.certPem)
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: [{ CN: [commonName] }],
    issuer: parent ? parent.subjectName.toJSON() : [{ CN: [commonName] }],
    notBefore,
    notAfter,
    publicKey: keys.publicKey,
    signingKey: (issuer ?? { keys }).keys.privateKey,
    signingAlgorithm: keyTypes[issuer?.keyType ?? keyType] as webcrypto.EcdsaParams,
    extensions: [
      new x509.BasicConstraintsExtension(true, onlyPrivateNames ? 0 : undefined, true),
      new x509.KeyUsagesExtension(
        x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign | x509.KeyUsageFlags.digitalSignature,
        true,
      ),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(parent ? parent.publicKey : keys.publicKey),
      ...(onlyPrivateNames
        ? [
            // RFC 5280 says nothing of it in a CA; OpenSSL, Windows and Go take it as a limit for what is issued.
            new x509.ExtendedKeyUsageExtension([
              x509.ExtendedKeyUsage.serverAuth,
              x509.ExtendedKeyUsage.clientAuth,
            ]),
            privateNameConstraints(),
          ]
        : []),
    ],
  })
  const certPem = `${certificate.toString('pem')}\n`
  return {
    certPem,
    keyPem: exportKey(keys.privateKey),
    issuer,
    keys,
    keyType,
    fingerprint256: new X509Certificate(certPem).fingerprint256,
  }
}
