import { isIP, isIPv4, isIPv6 } from 'node:net'
import { plainAddress } from '../../platform/net/address/plain-address.ts'

/** A party of a forwarded request: RFC 7239 section 6. */
export interface ForwardedNode {
  /** An IP address, or a name that hides one, such as `_hidden`; `null`: unknown, or not readable. */
  readonly address: string | null
  readonly isIp: boolean
  readonly port: number | null
}

const unknownNode: ForwardedNode = { address: null, isIp: false, port: null }

/** `[IPv6]`, IPv4 or a name, each perhaps with a port, which may be hidden too. */
const shape = /^(?:\[([^\]]+)\]|([^:[\]]+))(?::(?:(\d{1,5})|_[\w.-]+))?$/

/**
 * Reads `192.0.2.1`, `192.0.2.1:4711`, `[2001:db8::1]:4711`, `unknown`, `_hidden`. `X-Forwarded-For` has an IPv6 address without
 * brackets too.
 */
export function readNode(text: string): ForwardedNode {
  if (isIP(text)) return { address: plainAddress(text), isIp: true, port: null }
  const [, bracketed, plain, digits] = shape.exec(text) ?? []
  const port = digits === undefined || Number(digits) > 65_535 || Number(digits) === 0 ? null : Number(digits)
  if (bracketed !== undefined && isIPv6(bracketed))
    return { address: plainAddress(bracketed), isIp: true, port }
  if (plain === undefined) return unknownNode
  if (isIPv4(plain)) return { address: plain, isIp: true, port }
  return /^_[\w.-]+$/.test(plain) ? { address: plain, isIp: false, port } : unknownNode
}
