import { describe, expect, it } from 'vitest'
import { crc32c } from '../../src/serve/proxy-protocol/crc32c.ts'
import { parseProxyHeader } from '../../src/serve/proxy-protocol/parse-proxy-header.ts'

const text = (line: string): Buffer => Buffer.from(line, 'latin1')
const source = (bytes: Buffer): unknown => {
  const parsed = parseProxyHeader(bytes)
  return parsed.kind === 'header' ? parsed.source : parsed.kind
}

/** A header of version 2, in hexadecimal after the signature. */
const binary = (hex: string): Buffer =>
  Buffer.from(`0d0a0d0a000d0a515549540a${hex.replaceAll(' ', '')}`, 'hex')

describe('crc32c()', () => {
  it.each([
    ['123456789', 0xe3069283],
    ['', 0],
    // RFC 3720 appendix B.4: 32 bytes of zeros, and of ones.
    ['\0'.repeat(32), 0x8a9136aa],
    ['\xff'.repeat(32), 0x62a8ab43],
  ])('of %j', (given, sum) => {
    expect(crc32c(text(given))).toBe(sum)
  })
})

describe('parseProxyHeader()', () => {
  it.each([
    ['PROXY TCP4 192.0.2.1 192.0.2.2 1 65535\r\n', { address: '192.0.2.1', port: 1 }],
    ['PROXY TCP6 ::ffff:192.0.2.1 ::1 0 0\r\n', { address: '192.0.2.1', port: 0 }],
    [
      'PROXY TCP6 ffff:ffff:ffff:ffff:ffff:ffff:ffff:fff1 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535\r\n',
      { address: 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:fff1', port: 65_535 },
    ],
    ['PROXY UNKNOWN\r\n', null],
    [`PROXY UNKNOWN ${'x'.repeat(91)}\r\n`, null],
    ['PROXY UNKNOWNX\r\n', 'invalid'],
    ['PROXY UDP4 192.0.2.1 192.0.2.2 1 2\r\n', 'invalid'],
    ['PROXY TCP4 192.0.2.1 192.0.2.2 1 2 \r\n', 'invalid'],
    ['PROXY TCP4 192.0.2.1 192.0.2.2 1\r\n', 'invalid'],
    ['PROXY TCP6 fe80::1%1 ::1 1 2\r\n', 'invalid'],
    ['PROXY TCP4 192.0.2.01 192.0.2.2 1 2\r\n', 'invalid'],
    ['PROXY  TCP4 192.0.2.1 192.0.2.2 1 2\r\n', 'invalid'],
    ['proxy TCP4 192.0.2.1 192.0.2.2 1 2\r\n', 'invalid'],
    ['GET / HTTP/1.1\r\n', 'invalid'],
    [`PROXY ${'x'.repeat(101)}`, 'invalid'],
    ['PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r', 'incomplete'],
    ['PRO', 'incomplete'],
    ['', 'incomplete'],
  ])('reads the line %j', (line, seen) => {
    expect(source(text(line))).toEqual(seen)
  })

  it.each([
    ['TCP over IPv4', '21 11 000c cb007109 c0000201 dc04 01bb', { address: '203.0.113.9', port: 56_324 }],
    [
      'TCP over IPv6',
      `21 21 0024 20010db8000000000000000000000017 ${'00'.repeat(16)} 1267 01bb`,
      { address: '2001:db8::17', port: 4_711 },
    ],
    [
      'IPv4 in the form of IPv6',
      `21 21 0024 00000000000000000000ffffcb007109 ${'00'.repeat(16)} 0001 01bb`,
      { address: '203.0.113.9', port: 1 },
    ],
    ['a UNIX domain socket', `21 31 00d8 ${'00'.repeat(216)}`, { address: null, port: null }],
    ['no family', '21 00 0000', null],
    ['LOCAL', '20 00 0000', null],
    ['LOCAL with anything behind it', '20 ff 0003 ffffff', null],
    [
      'an empty TLV',
      '21 11 000f cb007109 c0000201 dc04 01bb 04 0000',
      { address: '203.0.113.9', port: 56_324 },
    ],
    ['a cut TLV', '21 11 000e cb007109 c0000201 dc04 01bb 04 00', 'invalid'],
    ['a TLV beyond the end', '21 11 0010 cb007109 c0000201 dc04 01bb 04 0002 00', 'invalid'],
    ['a checksum of three bytes', '21 11 0012 cb007109 c0000201 dc04 01bb 03 0003 000000', 'invalid'],
    ['version 1', '11 11 000c cb007109 c0000201 dc04 01bb', 'invalid'],
    ['an unknown command', '22 00 0000', 'invalid'],
    ['datagrams', '21 12 000c cb007109 c0000201 dc04 01bb', 'invalid'],
    ['an unknown family', '21 41 000c cb007109 c0000201 dc04 01bb', 'invalid'],
    ['too few bytes for the addresses', '21 11 000b cb007109 c0000201 dc04 01', 'invalid'],
    ['more than 4 KiB', '21 11 0ff1', 'invalid'],
    ['nearly 4 KiB, of which the rest is to come', '21 11 0ff0', 'incomplete'],
    ['no length', '21 11', 'incomplete'],
  ])('reads version 2 with %s', (_, hex, seen) => {
    expect(source(binary(hex))).toEqual(seen)
  })

  it('leaves what follows to the client, wherever the header is cut', () => {
    for (const header of [
      text('PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n'),
      binary('21 11 000f cb007109 c0000201 dc04 01bb 04 0000'),
    ]) {
      for (let length = 0; length < header.length; length += 1)
        expect(parseProxyHeader(header.subarray(0, length)).kind).toBe('incomplete')
      expect(parseProxyHeader(Buffer.concat([header, text('\r\nPROXY ')]))).toMatchObject({
        kind: 'header',
        length: header.length,
      })
    }
  })
})
