/** By which a key of this type signs a handshake, in OpenSSL's notation; `null` for a type that is unknown here. */
export function signatureAlgorithmsFor(keyType: string): string | null {
  return signatureAlgorithms[keyType]?.join(':') ?? null
}

/** The type of key that an algorithm is for, as Node names it; `null` for one that is unknown here. */
export function keyTypeOfAlgorithm(algorithm: string): string | null {
  return families.find(([pattern]) => pattern.test(algorithm))?.[1] ?? null
}

const families: readonly (readonly [RegExp, string])[] = [
  [/^rsa_pss_pss_/i, 'rsa-pss'],
  [/^rsa[-_+]/i, 'rsa'],
  [/^ecdsa[_+]/i, 'ec'],
  [/^ed25519$/i, 'ed25519'],
  [/^ed448$/i, 'ed448'],
]

/** RFC 8446 section 4.2.3, and for RSA under TLS 1.2 also PKCS #1 v1.5. */
const signatureAlgorithms: Readonly<Record<string, readonly string[]>> = {
  rsa: ['RSA-PSS+SHA256', 'RSA-PSS+SHA384', 'RSA-PSS+SHA512', 'RSA+SHA256', 'RSA+SHA384', 'RSA+SHA512'],
  'rsa-pss': ['rsa_pss_pss_sha256', 'rsa_pss_pss_sha384', 'rsa_pss_pss_sha512'],
  ec: ['ECDSA+SHA256', 'ECDSA+SHA384', 'ECDSA+SHA512'],
  ed25519: ['ed25519'],
  ed448: ['ed448'],
}
