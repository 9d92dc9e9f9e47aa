import { isIPv4, isIPv6 } from 'node:net'
import { plainAddress } from '../../platform/net/address/plain-address.ts'
import { incomplete, invalid, type ParsedHeader } from './parsed-header.ts'

/** With its line end: section 2.1. */
const longest = 107

/** Single spaces, and ports without leading zeros. */
const line = /^PROXY (?:(TCP4|TCP6) (\S+) (\S+) (0|[1-9]\d{0,4}) (0|[1-9]\d{0,4})|UNKNOWN(?: .*)?)$/

/** Reads `PROXY TCP4 203.0.113.9 10.0.0.1 56324 443`. What follows UNKNOWN means nothing. */
export function parseVersion1(bytes: Buffer): ParsedHeader {
  const text = bytes.toString('latin1', 0, longest)
  const end = text.indexOf('\r\n')
  if (end < 0)
    return bytes.length < longest ? incomplete : invalid(`a PROXY line is longer than ${longest} bytes`)
  const [whole, family, source = '', destination = '', ...ports] = line.exec(text.slice(0, end)) ?? []
  if (whole === undefined) return invalid('a PROXY line is malformed')
  const length = end + 2
  if (family === undefined) return { kind: 'header', length, source: null, isLocal: false }
  const isAddress = family === 'TCP4' ? isIPv4 : isIPv6
  const isRight =
    isAddress(source) &&
    isAddress(destination) &&
    !source.includes('%') &&
    ports.every((port) => Number(port) <= 65_535)
  if (!isRight) return invalid(`a PROXY line names no ${family} addresses and ports`)
  return {
    kind: 'header',
    length,
    source: { address: plainAddress(source.toLowerCase()), port: Number(ports[0]) },
    isLocal: false,
  }
}
