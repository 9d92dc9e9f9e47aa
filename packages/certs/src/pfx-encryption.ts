import { createDecipheriv, pbkdf2Sync } from 'node:crypto'
import { EncryptedContentInfo } from '@peculiar/asn1-cms'
import { AsnConvert, AsnProp, AsnPropTypes, AsnType, AsnTypeTypes, OctetString } from '@peculiar/asn1-schema'

/** RC2 and 3DES under PKCS#12's own key derivation (RFC 7292 appendix C), which RFC 9579 and OpenSSL 3 have left behind. */
export function isLegacyEncryption(algorithm: string): boolean {
  return algorithm.startsWith('1.2.840.113549.1.12.1.')
}

/** Decrypts a part of a PKCS#12 file that PBES2 protects (RFC 8018 section 6.2). Throws when it is protected otherwise. */
export function decryptSafe(content: ArrayBuffer, passphrase: string): Buffer {
  const { contentEncryptionAlgorithm, encryptedContent } = AsnConvert.parse(content, EncryptedSafe).content
  const { keyDerivation, encryption } = AsnConvert.parse(
    contentEncryptionAlgorithm.parameters ?? nothing,
    Pbes2Parameters,
  )
  const { salt, iterationCount, prf } = AsnConvert.parse(
    keyDerivation.parameters ?? nothing,
    Pbkdf2Parameters,
  )
  const cipher = ciphers[encryption.algorithm]
  const digest = digests[prf?.algorithm ?? '']
  if (!cipher || !digest) throw new Error(`unknown encryption ${encryption.algorithm}`)
  const key = pbkdf2Sync(passphrase, Buffer.from(salt.buffer), iterationCount, cipher.keyBytes, digest)
  const iv = AsnConvert.parse(encryption.parameters ?? nothing, OctetString)
  const decipher = createDecipheriv(cipher.name, key, Buffer.from(iv.buffer))
  const parts = encryptedContent?.constructedValue ?? [encryptedContent?.value ?? new OctetString()]
  return Buffer.concat([...parts.map((part) => decipher.update(Buffer.from(part.buffer))), decipher.final()])
}

const nothing = new ArrayBuffer(0)

/** RFC 8018 appendix B.2.5. */
const ciphers: Readonly<Record<string, { name: string; keyBytes: number }>> = {
  '2.16.840.1.101.3.4.1.2': { name: 'aes-128-cbc', keyBytes: 16 },
  '2.16.840.1.101.3.4.1.22': { name: 'aes-192-cbc', keyBytes: 24 },
  '2.16.840.1.101.3.4.1.42': { name: 'aes-256-cbc', keyBytes: 32 },
}

/** RFC 8018 appendix B.1; HMAC with SHA-1 is the default of an absent field. */
const digests: Readonly<Record<string, string>> = {
  '': 'sha1',
  '1.2.840.113549.2.7': 'sha1',
  '1.2.840.113549.2.9': 'sha256',
  '1.2.840.113549.2.10': 'sha384',
  '1.2.840.113549.2.11': 'sha512',
}

/** RFC 5652 section 8: EncryptedData. */
export class EncryptedSafe {
  version = 0
  content = new EncryptedContentInfo()
}

class Algorithm {
  algorithm = ''
  parameters: ArrayBuffer | undefined = undefined
}

/** RFC 8018 appendix A.4. */
class Pbes2Parameters {
  keyDerivation = new Algorithm()
  encryption = new Algorithm()
}

/** RFC 8018 appendix A.2. */
class Pbkdf2Parameters {
  salt = new OctetString()
  iterationCount = 0
  keyLength: number | undefined = undefined
  prf: Algorithm | undefined = undefined
}

type Property = Parameters<typeof AsnProp>[0]

/** Decorators, called as the functions that they are: Node takes away types, not decorators. */
function sequence(target: new () => object, properties: Readonly<Record<string, Property>>): void {
  AsnType({ type: AsnTypeTypes.Sequence })(target)
  for (const [name, property] of Object.entries(properties)) AsnProp(property)(target.prototype, name)
}

sequence(EncryptedSafe, {
  version: { type: AsnPropTypes.Integer },
  content: { type: EncryptedContentInfo },
})
sequence(Algorithm, {
  algorithm: { type: AsnPropTypes.ObjectIdentifier },
  parameters: { type: AsnPropTypes.Any, optional: true },
})
sequence(Pbes2Parameters, { keyDerivation: { type: Algorithm }, encryption: { type: Algorithm } })
sequence(Pbkdf2Parameters, {
  salt: { type: OctetString },
  iterationCount: { type: AsnPropTypes.Integer },
  keyLength: { type: AsnPropTypes.Integer, optional: true },
  prf: { type: Algorithm, optional: true },
})
