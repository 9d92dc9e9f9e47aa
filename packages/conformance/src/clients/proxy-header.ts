import { isIPv6 } from 'node:net'

interface Ends {
  readonly source: string
  readonly sourcePort: number
}

const signature = Buffer.from('0d0a0d0a000d0a515549540a', 'hex')

/** Version 1 of the PROXY protocol: one line. */
export function version1({ source, sourcePort }: Ends): string {
  const family = isIPv6(source) ? 'TCP6' : 'TCP4'
  return `PROXY ${family} ${source} ${isIPv6(source) ? '2001:db8::1' : '192.0.2.1'} ${sourcePort} 443\r\n`
}

/** Version 2, in the words of its bytes. */
export function version2({
  versionAndCommand = 0x21,
  family,
  addresses = Buffer.alloc(0),
  tlvs = [],
  checksum = 'none',
  length,
}: {
  versionAndCommand?: number
  family: number
  addresses?: Buffer
  /** Types and values. */
  tlvs?: readonly (readonly [type: number, value: Buffer])[]
  checksum?: 'none' | 'right' | 'wrong'
  /** Unset, the right one. */
  length?: number
}): Buffer {
  const vectors = [...tlvs, ...(checksum === 'none' ? [] : [[0x03, Buffer.alloc(4)] as const])].map(
    ([type, value]) => Buffer.concat([Buffer.from([type, value.length >> 8, value.length & 0xff]), value]),
  )
  const rest = Buffer.concat([addresses, ...vectors])
  const size = length ?? rest.length
  const header = Buffer.concat([
    signature,
    Buffer.from([versionAndCommand, family, size >> 8, size & 0xff]),
    rest,
  ])
  if (checksum !== 'none')
    header.writeUInt32BE((crc32c(header) ^ (checksum === 'wrong' ? 1 : 0)) >>> 0, header.length - 4)
  return header
}

/** The addresses of TCP over IPv4: source, destination, ports. */
export function ipv4Ends({ source, sourcePort }: Ends): Buffer {
  const ports = Buffer.alloc(4)
  ports.writeUInt16BE(sourcePort, 0)
  ports.writeUInt16BE(443, 2)
  return Buffer.concat([Buffer.from(source.split('.').map(Number)), Buffer.from([192, 0, 2, 1]), ports])
}

/** The same over IPv6, with the source in hexadecimal. */
export function ipv6Ends({ source, sourcePort }: Ends): Buffer {
  const ports = Buffer.alloc(4)
  ports.writeUInt16BE(sourcePort, 0)
  ports.writeUInt16BE(443, 2)
  return Buffer.concat([Buffer.from(source, 'hex'), Buffer.from(`20010db8${'0'.repeat(23)}1`, 'hex'), ports])
}

/** RFC 9260 appendix A, bit by bit. */
function crc32c(bytes: Buffer): number {
  let rest = 0xffffffff
  for (const byte of bytes) {
    rest ^= byte
    for (let bit = 0; bit < 8; bit += 1) rest = rest & 1 ? (rest >>> 1) ^ 0x82f63b78 : rest >>> 1
  }
  return ~rest >>> 0
}
