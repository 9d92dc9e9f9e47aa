import { createPrivateKey, createPublicKey, KeyObject, webcrypto } from 'node:crypto'
import { type KeyType, keyTypes } from './key-types.ts'

/** A fresh pair, fit to sign. */
export async function createKeyPair(keyType: KeyType): Promise<webcrypto.CryptoKeyPair> {
  return (await webcrypto.subtle.generateKey(keyTypes[keyType] as webcrypto.EcKeyGenParams, true, [
    'sign',
    'verify',
  ])) as webcrypto.CryptoKeyPair
}

/** The pair of a private key that was kept. */
export async function importKeyPair(key: KeyObject, keyType: KeyType): Promise<webcrypto.CryptoKeyPair> {
  const algorithm = keyTypes[keyType] as webcrypto.EcKeyImportParams
  const { subtle } = webcrypto
  const pkcs8 = key.export({ type: 'pkcs8', format: 'der' })
  const spki = createPublicKey(key.export({ type: 'pkcs8', format: 'pem' })).export({
    type: 'spki',
    format: 'der',
  })
  const [privateKey, publicKey] = await Promise.all([
    subtle.importKey('pkcs8', pkcs8, algorithm, true, ['sign']),
    subtle.importKey('spki', spki, algorithm, true, ['verify']),
  ])
  return { privateKey, publicKey }
}

/** PKCS#8 as PEM; with a passphrase, encrypted (RFC 5958 section 3). */
export function exportKey(key: webcrypto.CryptoKey, passphrase?: string): string {
  const pem = createPrivateKey({
    key: KeyObject.from(key).export({ type: 'pkcs8', format: 'der' }),
    format: 'der',
    type: 'pkcs8',
  })
  return pem
    .export({
      type: 'pkcs8',
      format: 'pem',
      ...(passphrase !== undefined && { cipher: 'aes-256-cbc', passphrase }),
    })
    .toString()
}
