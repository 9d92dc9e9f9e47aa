import type { Kind } from '../kind.ts'
import { pem } from '../kinds.ts'

const file = pem('Diffie-Hellman parameters')

/** PEM material, or `auto`: OpenSSL's own well-known groups, by the size of the certificate's key. */
export const dhParameters: Kind<string | Uint8Array, string | Uint8Array> = {
  ...file,
  placeholder: '<path|auto>',
  expects: 'auto, the path of Diffie-Hellman parameters, or their PEM text',
  anchor: (value, directory) => (value === 'auto' ? value : (file.anchor?.(value, directory) ?? value)),
}
