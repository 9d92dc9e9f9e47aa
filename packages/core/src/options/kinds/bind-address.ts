import { isIPv6 } from 'node:net'
import { resolve } from 'node:path'
import { z } from 'zod'
import type { AppPort } from '../../platform/net/address/app-port.ts'
import {
  type BindAddress,
  formatBindAddress,
  pipePrefix,
} from '../../platform/net/address/format-bind-address.ts'
import { hostInUrl } from '../../platform/net/address/host-in-url.ts'
import type { Kind } from './kind.ts'
import { splitAtCommas } from './split-list.ts'

/**
 * Gunicorn's forms: `HOST:PORT`, `[IPv6]:PORT`, `:PORT`, `unix:PATH`, `fd://N`; and named pipes. Text holds one or several, with
 * commas between.
 */
export const bindAddresses: Kind<string | string[], readonly BindAddress[]> = {
  placeholder: '<address>',
  expects:
    'HOST:PORT, [IPv6]:PORT, :PORT (every IPv4 interface), unix:PATH (a file @NAME is unix:./@NAME), pipe:NAME (Windows), fd://NUMBER or fd://NAME',
  schema: z
    .union([z.string(), z.array(z.string())])
    .transform((given, context) =>
      (typeof given === 'string' ? splitAtCommas(given) : given).map((one) => {
        const address = parseBindAddress(one.trim())
        if (!address) context.addIssue({ code: 'custom', message: one })
        return address ?? { kind: 'unix' as const, path: '' }
      }),
    )
    .refine((addresses) => addresses.length > 0),
  fromText: (given) => splitAtCommas(given),
  isList: true,
  format: (addresses) => addresses.map(formatBindAddress).join(', '),
  anchor: (addresses, directory) =>
    addresses.map((address) =>
      address.kind === 'unix' ? { ...address, path: resolve(directory, address.path) } : address,
    ),
}

/** A host without a port. The brackets of an IPv6 address, as in a URL, are taken off. */
export const bindHost: Kind<string, string> = {
  placeholder: '<host>',
  expects: 'the name or the IP address of an interface, without a port (`bind` takes both)',
  schema: z
    .string()
    .trim()
    .transform((given) => /^\[(.+)\]$/.exec(given)?.[1] ?? given)
    // Node's expression for IPv6 takes some milliseconds to compile, so it comes last.
    .refine((host) => /^[^\s:/[\]]+$/.test(host) || isIPv6(host)),
  fromText: (given) => given,
}

function parseBindAddress(given: string): BindAddress | null {
  // Other programs take @NAME for an abstract socket (unix(7)), so that no client would find a file of that name. `unix:./@NAME` is a file.
  if (given.startsWith('unix:'))
    return /^unix:[^@\0]/.test(given) ? { kind: 'unix', path: given.slice(5) } : null
  if (given.startsWith('fd://')) return parseDescriptor(given.slice(5))
  const pipe = /^(?:pipe:|\\\\[.?]\\pipe\\)([^\\/]+)$/i.exec(given)?.[1]
  if (pipe !== undefined) return { kind: 'pipe', path: `${pipePrefix}${pipe}` }
  const [, bracketed, plain = '', digits] = /^(?:\[([^\]]+)\]|([^:[\]\s/]*)):(\d{1,5})$/.exec(given) ?? []
  if (digits === undefined || Number(digits) > 65_535) return null
  if (bracketed !== undefined && !isIPv6(bracketed)) return null
  return { kind: 'tcp', host: bracketed ?? (plain === '' ? '0.0.0.0' : plain), port: Number(digits) }
}

function parseDescriptor(given: string): BindAddress | null {
  // Names are what systemd.socket(5) allows for FileDescriptorName=: no control characters, no colon.
  if (/^\d{1,6}$/.test(given)) return { kind: 'fd', fd: Number(given) }
  return /^[!-9;-~]{1,255}$/.test(given) ? { kind: 'fd-name', name: given } : null
}

/** Ports, each with an address or without. Text holds one or several, with commas between. */
export const appPorts: Kind<number | string | (number | string)[], readonly AppPort[]> = {
  placeholder: '<port>',
  expects: 'PORT, HOST:PORT or [IPv6]:PORT, with a port from 1 to 65535',
  schema: z
    .union([z.number(), z.string(), z.array(z.union([z.number(), z.string()]))])
    .transform((given, context) =>
      [given].flat().flatMap((one) =>
        splitAtCommas(String(one)).map((text) => {
          const port = parsePort(text.trim())
          if (!port) context.addIssue({ code: 'custom', message: text })
          return port ?? { host: null, port: 0 }
        }),
      ),
    )
    .refine((ports) => ports.length > 0),
  fromText: (given) => splitAtCommas(given),
  isList: true,
  inputType: 'number | string | readonly (number | string)[]',
  format: (ports) =>
    ports.map(({ host, port }) => (host === null ? String(port) : `${hostInUrl(host)}:${port}`)).join(', '),
}

function parsePort(given: string): AppPort | null {
  const [, bracketed, plain, digits] = /^(?:\[([^\]]+)\]:|([^:[\]\s/]+):)?(\d{1,5})$/.exec(given) ?? []
  const port = Number(digits)
  if (digits === undefined || port < 1 || port > 65_535) return null
  if (bracketed !== undefined && !isIPv6(bracketed)) return null
  return { host: bracketed ?? plain ?? null, port }
}
