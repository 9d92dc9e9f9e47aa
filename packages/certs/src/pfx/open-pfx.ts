import '../crypto/register-crypto.ts'
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { createSecureContext } from 'node:tls'
import { type ContentInfo, id_data, id_encryptedData } from '@peculiar/asn1-cms'
import {
  AuthenticatedSafe,
  CertBag,
  id_certBag,
  id_keyBag,
  id_pkcs8ShroudedKeyBag,
  PFX,
  PKCS8ShroudedKeyBag,
  type SafeBag,
  SafeContents,
} from '@peculiar/asn1-pfx'
import { AsnConvert, OctetString } from '@peculiar/asn1-schema'
import { seeEverything } from '../inspect/served-chain.ts'
import { derChildren, readDer } from '../material/der.ts'
import { decryptSafe, EncryptedSafe, isLegacyEncryption, UnknownEncryption } from './pfx-encryption.ts'

/** The content of a PKCS#12 file (RFC 7292), or why it can't be read. */
export type OpenedPfx =
  | {
      readonly kind: 'opened'
      /** Each key with its certificate; one as a rule. */
      readonly pairs: readonly [OpenedPair, ...OpenedPair[]]
    }
  | {
      readonly kind: 'refused'
      readonly reason:
        | 'invalid' // Not PKCS#12, or damaged.
        | 'legacy' // It is encrypted with RC2 or RC4.
        | 'unsupported' // It is encrypted in a way that is not known here; `detail` is the object identifier.
        | 'stray' // It holds a certificate that belongs to no key and has issued none that does; `detail` is its subject.
        | 'passphrase' // Its integrity check fails with this passphrase, or without one.
        | 'without-key'
        | 'without-certificate' // It has none that belongs to the key.
      readonly detail?: string
      readonly cause?: unknown
    }

/** A key with its certificate. */
export interface OpenedPair {
  /** The leaf and what has issued it, in that order, as PEM. */
  readonly chainPem: string
  /** PKCS#8, not encrypted. */
  readonly keyPem: string
}

/**
 * Opens a PKCS#12 file. OpenSSL judges the passphrase and the integrity; the file's structure is read separately, because Node uses such a file
 * without showing its content.
 */
export function openPfx(bytes: Uint8Array, passphrase: string | null): OpenedPfx {
  let safes: ContentInfo[]
  let hasMac: boolean
  try {
    const { authSafe } = AsnConvert.parse(Buffer.from(bytes), PFX)
    safes = [...AsnConvert.parse(octets(authSafe), AuthenticatedSafe)]
    hasMac = hasIntegrityCheck(bytes)
  } catch (cause) {
    return { kind: 'refused', reason: 'invalid', cause }
  }
  if (safes.some(hasLegacyEncryption)) return { kind: 'refused', reason: 'legacy' }
  const judged = judge(bytes, { passphrase, hasMac })
  if (judged) return judged
  try {
    return unpack(
      safes.flatMap((safe) => bagsOf(safe, passphrase ?? '')),
      passphrase ?? '',
    )
  } catch (cause) {
    if (cause instanceof UnknownEncryption)
      return { kind: 'refused', reason: 'unsupported', detail: cause.message, cause }
    return { kind: 'refused', reason: hasMac ? 'invalid' : 'passphrase', cause }
  }
}

/** The third field of the structure. The library has a default in its place, which looks the same. */
function hasIntegrityCheck(bytes: Uint8Array): boolean {
  try {
    return derChildren(readDer(bytes)).length > 2
  } catch {
    return true // It is BER; nearly every file has one.
  }
}

function judge(
  bytes: Uint8Array,
  { passphrase, hasMac }: { passphrase: string | null; hasMac: boolean },
): OpenedPfx | null {
  try {
    createSecureContext({
      pfx: Buffer.from(bytes),
      ...(passphrase !== null && { passphrase }),
      // Whether a key is too weak to be served is judged elsewhere.
      ciphers: seeEverything.ciphers,
    })
    return null
  } catch (cause) {
    const said = String(cause)
    if (/mac verify failure/i.test(said)) return { kind: 'refused', reason: 'passphrase', cause }
    if (/load private key/i.test(said)) return { kind: 'refused', reason: 'without-key', cause }
    if (/load certificate/i.test(said)) return { kind: 'refused', reason: 'without-certificate', cause }
    if (/unsupported/i.test(said)) return { kind: 'refused', reason: 'unsupported', detail: said, cause }
    // Without an integrity check, a wrong passphrase shows as content that can't be decrypted.
    return { kind: 'refused', reason: hasMac ? 'invalid' : 'passphrase', cause }
  }
}

function octets({ content }: ContentInfo): ArrayBuffer {
  return AsnConvert.parse(content, OctetString).buffer
}

/** Keys may be encrypted one by one inside a part that is not. */
function hasLegacyEncryption(safe: ContentInfo): boolean {
  if (safe.contentType === id_encryptedData)
    return isLegacyEncryption(
      AsnConvert.parse(safe.content, EncryptedSafe).content.contentEncryptionAlgorithm.algorithm,
    )
  return bagsOf(safe, '').some(
    ({ bagId, bagValue }) =>
      bagId === id_pkcs8ShroudedKeyBag &&
      isLegacyEncryption(AsnConvert.parse(bagValue, PKCS8ShroudedKeyBag).encryptionAlgorithm.algorithm),
  )
}

function bagsOf(safe: ContentInfo, passphrase: string): SafeBag[] {
  if (safe.contentType === id_data) return [...AsnConvert.parse(octets(safe), SafeContents)]
  if (safe.contentType !== id_encryptedData) throw new UnknownEncryption(safe.contentType)
  return [...AsnConvert.parse(decryptSafe(safe.content, passphrase), SafeContents)]
}

function unpack(bags: readonly SafeBag[], passphrase: string): OpenedPfx {
  const keys = bags.flatMap(({ bagId, bagValue }): KeyObject[] => {
    const der = { key: Buffer.from(bagValue), format: 'der', type: 'pkcs8' } as const
    if (bagId === id_keyBag) return [createPrivateKey(der)]
    return bagId === id_pkcs8ShroudedKeyBag ? [createPrivateKey({ ...der, passphrase })] : []
  })
  const certificates = bags.flatMap(({ bagId, bagValue }) =>
    bagId === id_certBag
      ? [
          new X509Certificate(
            Buffer.from(AsnConvert.parse(AsnConvert.parse(bagValue, CertBag).certValue, OctetString).buffer),
          ),
        ]
      : [],
  )
  const distinct = keys.filter((key, index) => keys.findIndex((other) => other.equals(key)) === index)
  if (distinct.length === 0) return { kind: 'refused', reason: 'without-key' }
  const chains = distinct.map((key) => {
    const leaf = certificates.find((certificate) => certificate.checkPrivateKey(key))
    return leaf ? withIssuers(leaf, certificates) : []
  })
  if (chains.some(({ length }) => length === 0)) return { kind: 'refused', reason: 'without-certificate' }
  const used = new Set(chains.flat().map(({ fingerprint256 }) => fingerprint256))
  const stray = certificates.find(
    (certificate) =>
      // Another certificate of an issuer, as after a new one was issued for its key, leads to the same end.
      !used.has(certificate.fingerprint256) && !chains.flat().some((other) => other.checkIssued(certificate)),
  )
  if (stray) return { kind: 'refused', reason: 'stray', detail: stray.subject.replaceAll('\n', ', ') }
  const pairs = distinct.map((key, index) => ({
    chainPem: (chains[index] ?? []).join(''),
    keyPem: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
  }))
  return { kind: 'opened', pairs: pairs as [OpenedPair, ...OpenedPair[]] }
}

/** The order in the file means nothing: each certificate is followed by its issuer, if that is there. */
function withIssuers(certificate: X509Certificate, others: readonly X509Certificate[]): X509Certificate[] {
  const rest = others.filter((other) => other !== certificate)
  const issuer = rest.find((other) => certificate.checkIssued(other))
  return [certificate, ...(issuer ? withIssuers(issuer, rest) : [])]
}
