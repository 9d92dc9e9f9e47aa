import { z } from 'zod'
import type { Kind } from './kind.ts'

const unitsInBytes: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  k: 1_024,
  kb: 1_024,
  kib: 1_024,
  m: 1_048_576,
  mb: 1_048_576,
  mib: 1_048_576,
  g: 1_073_741_824,
  gb: 1_073_741_824,
  gib: 1_073_741_824,
}

/** A size in bytes: a number, or text such as `16KiB`. `example` must be within the limits. */
export function byteSize({
  min,
  max,
  example,
}: {
  min: number
  max: number
  example: string
}): Kind<number | string, number> {
  return {
    placeholder: '<bytes>',
    expects: `a size from ${formatBytes(min)} to ${formatBytes(max)}, such as ${example}`,
    schema: z
      .union([z.number(), z.string()])
      .transform((given) => (typeof given === 'number' ? given : textInBytes(given)))
      .refine((bytes) => Number.isInteger(bytes) && bytes >= min && bytes <= max),
    fromText: (given) => given,
    format: formatBytes,
  }
}

function textInBytes(given: string): number {
  const [, amount, unit = ''] = /^\s*(\d+)\s*([a-z]*)\s*$/i.exec(given) ?? []
  return amount === undefined ? Number.NaN : Number(amount) * (unitsInBytes[unit.toLowerCase()] ?? Number.NaN)
}

export function formatBytes(bytes: number): string {
  if (bytes >= 1_073_741_824 && bytes % 1_073_741_824 === 0) return `${bytes / 1_073_741_824}GiB`
  if (bytes >= 1_048_576 && bytes % 1_048_576 === 0) return `${bytes / 1_048_576}MiB`
  if (bytes >= 1_024 && bytes % 1_024 === 0) return `${bytes / 1_024}KiB`
  return `${bytes}B`
}
