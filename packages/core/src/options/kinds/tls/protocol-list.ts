import { z } from 'zod'
import type { Kind } from '../kind.ts'

/** Versions of HTTP under the names of their ALPN identifiers. Not every one of them can be served (see the support tables). */
const protocolNames = ['h2', 'http/1.1', 'h2c', 'h3'] as const
export type ProtocolName = (typeof protocolNames)[number]

/** Other names that people and programs have for them. */
const spellings: Readonly<Record<string, ProtocolName>> = {
  h1: 'http/1.1',
  http1: 'http/1.1',
  'http/1': 'http/1.1',
  http2: 'h2',
  'http/2': 'h2',
  http3: 'h3',
  'http/3': 'h3',
}

/** Versions of HTTP in order of preference. Text holds one or several, with commas between. */
export const protocolList: Kind<string | string[], readonly ProtocolName[]> = {
  placeholder: '<list>',
  expects: 'h2, http/1.1 or both, with a comma between, each once',
  schema: z
    .union([z.string(), z.array(z.string())])
    .transform((given) =>
      [given].flat().flatMap((names) =>
        names.split(',').map((one) => {
          const name = one.trim().toLowerCase()
          return spellings[name] ?? (name as ProtocolName)
        }),
      ),
    )
    .refine(
      (names) =>
        names.length > 0 &&
        new Set(names).size === names.length &&
        names.every((name) => protocolNames.includes(name)),
    ),
  fromText: (given) => given.split(','),
  isList: true,
  completes: protocolNames.slice(0, 2),
  format: (names) => names.join(', '),
}
