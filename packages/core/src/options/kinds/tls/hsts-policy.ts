import { z } from 'zod'
import type { Kind } from '../kind.ts'

/** What a Strict-Transport-Security header says: RFC 6797 section 6.1. */
export interface HstsPolicy {
  readonly maxAgeSeconds: number
  readonly includeSubDomains: boolean
  readonly preload: boolean
}

const unitsInSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400, y: 31_536_000 }
const year = 31_536_000

/**
 * A time with a unit, and the directives of the header by their names: `365d includeSubDomains preload`. The browsers' list takes
 * a host for preloading only with a year or more and its subdomains, so anything less is refused.
 */
export const hstsPolicy: Kind<number | string, HstsPolicy> = {
  placeholder: '<max-age>',
  expects:
    'a time such as 1h or 365d (a bare number is seconds; 0 makes browsers forget), with includeSubDomains behind it if wanted, and preload with at least a year and includeSubDomains',
  schema: z.union([z.number(), z.string()]).transform((given, context): HstsPolicy => {
    const policy = parse(String(given))
    if (!policy) context.addIssue({ code: 'custom', message: String(given) })
    return policy ?? { maxAgeSeconds: 0, includeSubDomains: false, preload: false }
  }),
  fromText: (given) => given,
  format: hstsHeader,
}

function parse(given: string): HstsPolicy | null {
  const [time = '', ...words] = given.trim().split(/[\s;,]+/)
  const [, digits, unit = 's'] = /^(?:max-age=)?(\d+)([smhdy])?$/i.exec(time) ?? []
  const directives = words.map((word) => word.toLowerCase())
  const known = directives.every((word) => word === 'includesubdomains' || word === 'preload')
  if (digits === undefined || !known) return null
  const policy = {
    maxAgeSeconds: Number(digits) * (unitsInSeconds[unit.toLowerCase()] ?? Number.NaN),
    includeSubDomains: directives.includes('includesubdomains'),
    preload: directives.includes('preload'),
  }
  const mayPreload = policy.maxAgeSeconds >= year && policy.includeSubDomains
  return Number.isSafeInteger(policy.maxAgeSeconds) && (!policy.preload || mayPreload) ? policy : null
}

/** The value of the header. */
export function hstsHeader({ maxAgeSeconds, includeSubDomains, preload }: HstsPolicy): string {
  return [
    `max-age=${maxAgeSeconds}`,
    ...(includeSubDomains ? ['includeSubDomains'] : []),
    ...(preload ? ['preload'] : []),
  ].join('; ')
}
