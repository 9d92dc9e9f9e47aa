import { SocketAddress } from 'node:net'
import { plainAddress } from '../../platform/net/address/plain-address.ts'
import { crc32c } from './crc32c.ts'
import { incomplete, invalid, type ParsedHeader, type ProxySource } from './parsed-header.ts'

export const signature: Buffer = Buffer.from('\r\n\r\n\0\r\nQUIT\n', 'latin1')

/** The bytes before the addresses: the signature, version and command, family and transport, length. */
const headBytes = 16

/** What the length field could say is 65,535; addresses and all usual TLVs, a certificate of the client among them, take less than this. */
export const longestVersion2 = 4_096

const commands: Readonly<Record<number, 'local' | 'proxy'>> = { 32: 'local', 33: 'proxy' }

/** By family and transport: section 2.2. A connection of TCP or a UNIX domain socket is a stream. */
const families: Readonly<
  Record<number, { readonly addressBytes: number; readonly source: (at: Buffer) => ProxySource | null }>
> = {
  0: { addressBytes: 0, source: () => null },
  17: {
    addressBytes: 12,
    source: (at) => ({ address: [...at.subarray(0, 4)].join('.'), port: at.readUInt16BE(8) }),
  },
  33: {
    addressBytes: 36,
    source: (at) => ({ address: ipv6(at.subarray(0, 16)), port: at.readUInt16BE(32) }),
  },
  49: { addressBytes: 216, source: () => ({ address: null, port: null }) },
}

const crcType = 0x03

export function parseVersion2(bytes: Buffer): ParsedHeader {
  if (bytes.length < headBytes) return incomplete
  const command = commands[bytes[12] as number]
  if (command === undefined) return invalid('a PROXY header has an unknown version or command')
  const length = headBytes + bytes.readUInt16BE(14)
  if (length > longestVersion2) return invalid(`a PROXY header is longer than ${longestVersion2} bytes`)
  if (bytes.length < length) return incomplete
  const header = bytes.subarray(0, length)
  const family = families[bytes[13] as number]
  // A health check may say anything about addresses: they don't count.
  if (command === 'local') return { kind: 'header', length, source: null, isLocal: true }
  if (family === undefined) return invalid('a PROXY header has an unknown family or transport')
  const { addressBytes, source } = family
  if (length < headBytes + addressBytes) return invalid('a PROXY header is too short for its addresses')
  const fault = faultOfTlvs(header, headBytes + addressBytes)
  return fault === null
    ? { kind: 'header', length, source: source(header.subarray(headBytes)), isLocal: false }
    : invalid(fault)
}

/** Walks over the type-length-value vectors, section 2.2.8. Of these only the checksum is looked at. */
function faultOfTlvs(header: Buffer, first: number): string | null {
  for (let at = first; at < header.length; ) {
    if (at + 3 > header.length) return 'a PROXY header ends within a TLV'
    const value = at + 3
    const end = value + header.readUInt16BE(at + 1)
    if (end > header.length) return 'a PROXY header ends within a TLV'
    if (header[at] === crcType) {
      if (end - value !== 4) return 'a PROXY header has a checksum of another length'
      const without = Buffer.from(header)
      without.fill(0, value, end)
      if (crc32c(without) !== header.readUInt32BE(value)) return 'the checksum of a PROXY header is wrong'
    }
    at = end
  }
  return null
}

function ipv6(bytes: Buffer): string {
  const groups = Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(index * 2).toString(16))
  return plainAddress(new SocketAddress({ address: groups.join(':'), family: 'ipv6' }).address)
}
