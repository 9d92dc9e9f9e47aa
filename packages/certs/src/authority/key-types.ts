/** The WebCrypto parameters of each kind of key. */
export const keyTypes = {
  'ec-p256': { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
  'ec-p384': { name: 'ECDSA', namedCurve: 'P-384', hash: 'SHA-384' },
  'rsa-1024': rsa(1024),
  'rsa-2048': rsa(2048),
  'rsa-4096': rsa(4096),
  ed25519: { name: 'Ed25519' },
} as const

export type KeyType = keyof typeof keyTypes

function rsa(modulusLength: number): {
  name: string
  modulusLength: number
  publicExponent: Uint8Array<ArrayBuffer>
  hash: string
} {
  return {
    name: 'RSASSA-PKCS1-v1_5',
    modulusLength,
    publicExponent: new Uint8Array([1, 0, 1]),
    hash: 'SHA-256',
  }
}
