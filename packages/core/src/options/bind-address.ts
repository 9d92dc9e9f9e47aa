import { isIPv6 } from 'node:net'
import { resolve } from 'node:path'
import { z } from 'zod'
import type { Kind } from './kind.ts'

/** An address as a user asks for it. Port 0 asks the system for a free one. */
export type BindAddress =
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  | { readonly kind: 'unix'; readonly path: string }

/** Gunicorn's forms: `HOST:PORT`, `[IPv6]:PORT`, `:PORT`, `unix:PATH`. Text holds one or several, with commas between. */
export const bindAddresses: Kind<string | string[], readonly BindAddress[]> = {
  placeholder: '<address>',
  expects: 'HOST:PORT, [IPv6]:PORT, :PORT (every IPv4 interface) or unix:PATH',
  schema: z
    .union([z.string(), z.array(z.string())])
    .transform((given, context) =>
      (typeof given === 'string' ? given.split(',') : given).map((one) => {
        const address = parseBindAddress(one.trim())
        if (!address) context.addIssue({ code: 'custom', message: one })
        return address ?? { kind: 'unix' as const, path: '' }
      }),
    )
    .refine((addresses) => addresses.length > 0),
  fromText: (given) => given.split(','),
  isList: true,
  format: (addresses) => addresses.map(formatBindAddress).join(', '),
  anchor: (addresses, directory) =>
    addresses.map((address) =>
      address.kind === 'unix' ? { ...address, path: resolve(directory, address.path) } : address,
    ),
}

function parseBindAddress(given: string): BindAddress | null {
  if (given.startsWith('unix:')) return given.length > 5 ? { kind: 'unix', path: given.slice(5) } : null
  const [, bracketed, plain = '', digits] = /^(?:\[([^\]]+)\]|([^:[\]\s/]*)):(\d{1,5})$/.exec(given) ?? []
  if (digits === undefined || Number(digits) > 65_535) return null
  if (bracketed !== undefined && !isIPv6(bracketed)) return null
  return { kind: 'tcp', host: bracketed ?? (plain === '' ? '0.0.0.0' : plain), port: Number(digits) }
}

/** Writes an address in the form that `bind` reads. */
export function formatBindAddress(address: BindAddress): string {
  if (address.kind === 'unix') return `unix:${address.path}`
  return `${isIPv6(address.host) ? `[${address.host}]` : address.host}:${address.port}`
}
