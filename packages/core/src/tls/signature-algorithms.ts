/** By which a key of this type signs a handshake, in OpenSSL's notation; `null` for a type that is unknown here. */
export function signatureAlgorithmsFor(keyType: string): string | null {
  return signatureAlgorithms[keyType] ?? null
}

/** RFC 8446 section 4.2.3, and for RSA under TLS 1.2 also PKCS #1 v1.5. */
const signatureAlgorithms: Readonly<Record<string, string>> = {
  rsa: 'RSA-PSS+SHA256:RSA-PSS+SHA384:RSA-PSS+SHA512:RSA+SHA256:RSA+SHA384:RSA+SHA512',
  'rsa-pss': 'rsa_pss_pss_sha256:rsa_pss_pss_sha384:rsa_pss_pss_sha512',
  ec: 'ECDSA+SHA256:ECDSA+SHA384:ECDSA+SHA512',
  ed25519: 'ed25519',
  ed448: 'ed448',
}
