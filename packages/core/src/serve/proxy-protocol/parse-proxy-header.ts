import { parseVersion1 } from './parse-version-1.ts'
import { parseVersion2, signature } from './parse-version-2.ts'
import type { ParsedHeader } from './parsed-header.ts'
import { incomplete, invalid } from './parsed-header.ts'

/** What both versions begin with. */
const beginnings = [Buffer.from('PROXY '), signature] as const

/** Reads a header from the first bytes of a connection: sections 2.1 and 2.2 of the specification. What can't become one is invalid at once. */
export function parseProxyHeader(bytes: Buffer): ParsedHeader {
  for (const [index, beginning] of beginnings.entries()) {
    const length = Math.min(bytes.length, beginning.length)
    if (bytes.compare(beginning, 0, length, 0, length) !== 0) continue
    if (bytes.length < beginning.length) return incomplete
    return index === 0 ? parseVersion1(bytes) : parseVersion2(bytes)
  }
  return invalid('the connection does not begin with a PROXY header')
}
