import './register-crypto.ts'
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
import { decryptSafe, EncryptedSafe, isLegacyEncryption } from './pfx-encryption.ts'
import { seeEverything } from './served-chain.ts'

/** What a PKCS#12 file holds (RFC 7292), or why it can't be had. */
export type OpenedPfx =
  | {
      readonly kind: 'opened'
      /** The leaf and what has issued it, in that order, as PEM. */
      readonly chainPem: string
      /** PKCS#8, not encrypted. */
      readonly keyPem: string
    }
  | {
      readonly kind: 'refused'
      readonly reason:
        | 'invalid' // It is no PKCS#12, or damaged.
        | 'legacy' // It is encrypted with RC2 or 3DES.
        | 'passphrase' // Its integrity check fails with this passphrase, or without one.
        | 'without-key'
        | 'without-certificate' // It has none that belongs to the key.
      readonly cause?: unknown
    }

/**
 * Opens a PKCS#12 file. OpenSSL judges the passphrase and the integrity; the file's structure is read beside it, since Node
 * uses such a file without ever telling what is in it.
 */
export function openPfx(bytes: Uint8Array, passphrase: string | null): OpenedPfx {
  let safes: ContentInfo[]
  try {
    const { authSafe } = AsnConvert.parse(Buffer.from(bytes), PFX)
    safes = [...AsnConvert.parse(octets(authSafe), AuthenticatedSafe)]
  } catch (cause) {
    return { kind: 'refused', reason: 'invalid', cause }
  }
  if (safes.some(hasLegacyEncryption)) return { kind: 'refused', reason: 'legacy' }
  const judged = judge(bytes, passphrase)
  if (judged) return judged
  try {
    return unpack(
      safes.flatMap((safe) => bagsOf(safe, passphrase ?? '')),
      passphrase ?? '',
    )
  } catch (cause) {
    return { kind: 'refused', reason: 'invalid', cause }
  }
}

function judge(bytes: Uint8Array, passphrase: string | null): OpenedPfx | null {
  try {
    createSecureContext({
      pfx: Buffer.from(bytes),
      ...(passphrase !== null && { passphrase }),
      // A key that is too weak to be served is not what is asked here.
      ciphers: seeEverything.ciphers,
    })
    return null
  } catch (cause) {
    const said = String(cause)
    if (/mac verify failure/i.test(said)) return { kind: 'refused', reason: 'passphrase', cause }
    if (/load private key/i.test(said)) return { kind: 'refused', reason: 'without-key', cause }
    if (/load certificate/i.test(said)) return { kind: 'refused', reason: 'without-certificate', cause }
    return { kind: 'refused', reason: 'invalid', cause }
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
  if (safe.contentType !== id_encryptedData)
    throw new Error(`a part is protected in an unknown way (${safe.contentType})`)
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
  const [key] = keys
  if (!key) return { kind: 'refused', reason: 'without-key' }
  const leaf = certificates.find((certificate) => certificate.checkPrivateKey(key))
  if (!leaf) return { kind: 'refused', reason: 'without-certificate' }
  return {
    kind: 'opened',
    chainPem: withIssuers(leaf, certificates).join(''),
    keyPem: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
  }
}

/** The order in the file means nothing: each certificate is followed by its issuer, if that is there. */
function withIssuers(certificate: X509Certificate, others: readonly X509Certificate[]): string[] {
  const rest = others.filter((other) => other !== certificate)
  const issuer = rest.find((other) => certificate.checkIssued(other))
  return [certificate.toString(), ...(issuer ? withIssuers(issuer, rest) : [])]
}
