import { createDecipheriv, createHash, pbkdf2Sync } from 'node:crypto'
import { EncryptedContentInfo } from '@peculiar/asn1-cms'
import { AsnConvert, AsnProp, AsnPropTypes, AsnType, AsnTypeTypes, OctetString } from '@peculiar/asn1-schema'

/** RC4 and RC2 (RFC 7292 appendix C), which OpenSSL 3 has put into its provider `legacy`. 3DES has stayed. */
export function isLegacyEncryption(algorithm: string): boolean {
  return /^1\.2\.840\.113549\.1\.12\.1\.[1256]$/.test(algorithm)
}

/** A part is protected by something that is not read here. */
export class UnknownEncryption extends Error {}

/** Decrypts a part of a PKCS#12 file that PBES2 (RFC 8018 section 6.2) or 3DES protects. Throws `UnknownEncryption` for others. */
export function decryptSafe(content: ArrayBuffer, passphrase: string): Buffer {
  const { contentEncryptionAlgorithm, encryptedContent } = AsnConvert.parse(content, EncryptedSafe).content
  const data = encryptedBytes(encryptedContent)
  const { algorithm, parameters } = contentEncryptionAlgorithm
  const tripleDes = tripleDesKeys[algorithm]
  if (tripleDes) return decryptTripleDes(data, { ...tripleDes, parameters, passphrase })
  if (algorithm !== pbes2) throw new UnknownEncryption(algorithm)
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
  if (!cipher || !digest) throw new UnknownEncryption(encryption.algorithm)
  const key = pbkdf2Sync(passphrase, Buffer.from(salt.buffer), iterationCount, cipher.keyBytes, digest)
  const iv = AsnConvert.parse(encryption.parameters ?? nothing, OctetString)
  const decipher = createDecipheriv(cipher.name, key, Buffer.from(iv.buffer))
  return Buffer.concat([decipher.update(data), decipher.final()])
}

function encryptedBytes(content: EncryptedContentInfo['encryptedContent']): Buffer {
  const parts = content?.constructedValue ?? [content?.value ?? new OctetString()]
  return Buffer.concat(parts.map((part) => Buffer.from(part.buffer)))
}

const pbes2 = '1.2.840.113549.1.5.13'

/** RFC 7292 appendix C: with keys of three and of two parts. */
const tripleDesKeys: Readonly<Record<string, { cipher: string; keyBytes: number }>> = {
  '1.2.840.113549.1.12.1.3': { cipher: 'des-ede3-cbc', keyBytes: 24 },
  '1.2.840.113549.1.12.1.4': { cipher: 'des-ede-cbc', keyBytes: 16 },
}

function decryptTripleDes(
  data: Buffer,
  {
    cipher,
    keyBytes,
    parameters,
    passphrase,
  }: { cipher: string; keyBytes: number; parameters: ArrayBuffer | null | undefined; passphrase: string },
): Buffer {
  const { salt, iterations } = AsnConvert.parse(parameters ?? nothing, PbeParameters)
  const derive = (purpose: number, bytes: number): Buffer =>
    deriveForPkcs12({ passphrase, salt: Buffer.from(salt.buffer), iterations, purpose, bytes })
  const decipher = createDecipheriv(cipher, derive(1, keyBytes), derive(2, 8))
  return Buffer.concat([decipher.update(data), decipher.final()])
}

/** The key derivation of PKCS#12 with SHA-1 (RFC 7292 appendix B.2), for a purpose: 1 is a key, 2 an initial value. */
function deriveForPkcs12({
  passphrase,
  salt,
  iterations,
  purpose,
  bytes,
}: {
  passphrase: string
  salt: Buffer
  iterations: number
  purpose: number
  bytes: number
}): Buffer {
  const block = 64
  const fill = (text: Buffer): Buffer =>
    text.length === 0 ? text : Buffer.alloc(Math.ceil(text.length / block) * block, text)
  // Two bytes for each character, the highest first, and a zero at the end.
  const password = Buffer.from(`${passphrase}\0`, 'utf16le').swap16()
  const input = Buffer.concat([fill(salt), fill(password)])
  const diversifier = Buffer.alloc(block, purpose)
  const result: Buffer[] = []
  for (let length = 0; length < bytes; length += 20) {
    let hash = createHash('sha1').update(diversifier).update(input).digest()
    for (let round = 1; round < iterations; round += 1) hash = createHash('sha1').update(hash).digest()
    result.push(hash)
    addToBlocks(input, Buffer.alloc(block, hash))
  }
  return Buffer.concat(result).subarray(0, bytes)
}

/** Each block of the input becomes itself and the hash and one, modulo 2^512. */
function addToBlocks(input: Buffer, hash: Buffer): void {
  for (let start = 0; start < input.length; start += hash.length) {
    let carry = 1
    for (let index = hash.length - 1; index >= 0; index -= 1) {
      const sum = (input[start + index] ?? 0) + (hash[index] ?? 0) + carry
      input[start + index] = sum & 0xff
      carry = sum >> 8
    }
  }
}

const nothing = new ArrayBuffer(0)

/** RFC 8018 appendix B.2.5. */
const ciphers: Readonly<Record<string, { name: string; keyBytes: number }>> = {
  '2.16.840.1.101.3.4.1.2': { name: 'aes-128-cbc', keyBytes: 16 },
  '2.16.840.1.101.3.4.1.22': { name: 'aes-192-cbc', keyBytes: 24 },
  '2.16.840.1.101.3.4.1.42': { name: 'aes-256-cbc', keyBytes: 32 },
  '1.2.840.113549.3.7': { name: 'des-ede3-cbc', keyBytes: 24 },
  '1.2.392.200011.61.1.1.1.2': { name: 'camellia-128-cbc', keyBytes: 16 },
  '1.2.392.200011.61.1.1.1.3': { name: 'camellia-192-cbc', keyBytes: 24 },
  '1.2.392.200011.61.1.1.1.4': { name: 'camellia-256-cbc', keyBytes: 32 },
  '1.2.410.200046.1.1.2': { name: 'aria-128-cbc', keyBytes: 16 },
  '1.2.410.200046.1.1.7': { name: 'aria-192-cbc', keyBytes: 24 },
  '1.2.410.200046.1.1.12': { name: 'aria-256-cbc', keyBytes: 32 },
}

/** RFC 8018 appendix B.1; HMAC with SHA-1 is the default of an absent field. */
const digests: Readonly<Record<string, string>> = {
  '': 'sha1',
  '1.2.840.113549.2.7': 'sha1',
  '1.2.840.113549.2.8': 'sha224',
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

/** RFC 7292 appendix C. */
class PbeParameters {
  salt = new OctetString()
  iterations = 0
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
sequence(PbeParameters, {
  salt: { type: OctetString },
  iterations: { type: AsnPropTypes.Integer },
})
