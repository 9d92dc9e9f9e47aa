import './register-crypto.ts'
import { checkPrimeSync } from 'node:crypto'
import {
  AsnConvert,
  AsnIntegerArrayBufferConverter,
  AsnProp,
  AsnPropTypes,
  AsnType,
  AsnTypeTypes,
} from '@peculiar/asn1-schema'

const block = /-----BEGIN DH PARAMETERS-----([\s\S]+?)-----END DH PARAMETERS-----/

/** The size of the group of finite-field Diffie-Hellman parameters in bits, or `null` when the PEM text holds none that are sound. */
export function readDhParameters(pem: string): { primeBits: number } | null {
  const body = block.exec(pem)?.[1]
  if (body === undefined) return null
  try {
    const { prime } = AsnConvert.parse(Buffer.from(body, 'base64'), DhParameters)
    const digits = Buffer.from(prime).toString('hex').replace(/^0+/, '')
    return checkPrimeSync(Buffer.from(prime)) ? { primeBits: BigInt(`0x${digits}`).toString(2).length } : null
  } catch {
    return null // Not a sound group.
  }
}

/** PKCS #3 section 9: DHParameter. */
class DhParameters {
  prime = new ArrayBuffer(0)
  base = new ArrayBuffer(0)
  privateValueLength: number | undefined = undefined
}
AsnType({ type: AsnTypeTypes.Sequence })(DhParameters)
AsnProp({ type: AsnPropTypes.Integer, converter: AsnIntegerArrayBufferConverter })(
  DhParameters.prototype,
  'prime',
)
AsnProp({ type: AsnPropTypes.Integer, converter: AsnIntegerArrayBufferConverter })(
  DhParameters.prototype,
  'base',
)
AsnProp({ type: AsnPropTypes.Integer, optional: true })(DhParameters.prototype, 'privateValueLength')
