import { randomBytes } from 'node:crypto'

/** Random, positive, at most 20 octets (RFC 5280 section 4.1.2.2), as hexadecimal digits. */
export function serialNumber(): string {
  const bytes = randomBytes(16)
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40
  return bytes.toString('hex')
}
