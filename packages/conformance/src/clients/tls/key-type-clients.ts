import type { ConnectionOptions } from 'node:tls'

/** A client that can verify signatures by RSA keys alone. */
export const rsaClient = {
  sigalgs: 'RSA-PSS+SHA256:RSA-PSS+SHA384:RSA+SHA256:RSA+SHA384',
} as const satisfies ConnectionOptions

/** A client that can verify signatures by ECDSA keys alone. */
export const ecdsaClient = {
  sigalgs: 'ECDSA+SHA256:ECDSA+SHA384',
} as const satisfies ConnectionOptions
