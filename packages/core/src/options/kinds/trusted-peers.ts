import { isIP, isIPv6 } from 'node:net'
import { z } from 'zod'
import type { Kind } from './kind.ts'

/**
 * Addresses, networks (`10.0.0.0/8`, `fd00::/8`), `unix` for clients over a UNIX domain socket or a named pipe, or `*` alone for every
 * client. A network of all addresses is refused: who wants that writes `*`. An IPv4 address in the form of IPv6 is taken for what it is.
 */
export const trustedPeerList: Kind<string | string[], readonly string[]> = {
  placeholder: '<addresses>',
  expects:
    'IP addresses, networks such as 10.0.0.0/8, and unix (for UNIX domain sockets), with commas between; or * alone, which trusts every client',
  schema: z
    .union([z.string(), z.array(z.string())])
    .transform((given, context) =>
      [given]
        .flat()
        .flatMap((text) => text.split(','))
        .map((text) => {
          const peer = parsePeer(text.trim())
          if (peer === null) context.addIssue({ code: 'custom', message: text })
          return peer ?? ''
        }),
    )
    .refine((peers) => peers.length > 0 && (peers.length === 1 || !peers.includes('*'))),
  fromText: (given) => given.split(','),
  isList: true,
  format: (peers) => peers.join(', '),
}

function parsePeer(text: string): string | null {
  if (text === '*' || text === 'unix') return text
  const [, address = '', digits] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? []
  // A zone is a matter of one machine's interfaces: RFC 4007 section 11.
  if (isIP(address) === 0 || address.includes('%')) return null
  const mapped = /^::ffff:(?=\d+\.)/i.test(address)
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '')
  if (digits === undefined) return plain
  const prefix = Number(digits) - (mapped ? 96 : 0)
  return prefix >= 1 && prefix <= (isIPv6(plain) ? 128 : 32) ? `${plain}/${prefix}` : null
}
