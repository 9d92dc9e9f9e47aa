import { z } from 'zod'
import type { Kind } from './kind.ts'

const unitsInMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 }
/** Above this a number without a unit is more likely milliseconds than seconds, and is refused. */
const longestBareSeconds = 3_600
const longestMs = 24 * 3_600_000

/**
 * A span of time, resolved to milliseconds. Text has a unit (`500ms`, `30s`, `5m`, `1h`); a bare number is seconds, as in
 * Gunicorn and Uvicorn, in every source alike.
 */
export function duration({ zero }: { zero?: string } = {}): Kind<number | string, number> {
  return {
    placeholder: '<duration>',
    expects: `a duration up to 24h such as 500ms, 30s or 2m (a bare number up to ${longestBareSeconds} is seconds${zero ? `; 0 ${zero}` : ''})`,
    schema: z
      .union([z.number(), z.string()])
      .transform((given) => (typeof given === 'number' ? secondsInMs(given) : textInMs(given)))
      .refine((ms) => Number.isFinite(ms) && ms <= longestMs && (zero ? ms >= 0 : ms > 0)),
    fromText: (given) => given,
    format: formatDuration,
    explainRefused: explainBareNumber,
  }
}

/** A number that is too large for seconds is most often meant as milliseconds, as Node takes times. */
function explainBareNumber(raw: unknown, isValid: (spelling: string) => boolean): string | null {
  const amount = String(raw).trim()
  if (!/^\d+(?:\.\d+)?$/.test(amount) || Number(amount) <= longestBareSeconds) return null
  const inMs = new Set([`${amount}ms`, formatDuration(Number(amount))])
  const ways = [
    { unit: 'milliseconds', spellings: [...inMs].filter(isValid) },
    { unit: 'seconds', spellings: [`${amount}s`].filter(isValid) },
  ]
    .filter(({ spellings }) => spellings.length > 0)
    .map(
      ({ unit, spellings }) =>
        `${amount} ${unit} as ${spellings.map((spelling) => `\`${spelling}\``).join(' or ')}`,
    )
  return `A number without a unit is in seconds, and at most ${longestBareSeconds}.${ways.length > 0 ? ` Write ${ways.join(', and ')}.` : ''}`
}

function textInMs(given: string): number {
  const [, amount, unit] = /^\s*(\d+(?:\.\d+)?)\s*(ms|s|m|h)?\s*$/.exec(given) ?? []
  if (amount === undefined) return Number.NaN
  return unit === undefined
    ? secondsInMs(Number(amount))
    : Math.round(Number(amount) * (unitsInMs[unit] ?? Number.NaN))
}

function secondsInMs(seconds: number): number {
  return seconds <= longestBareSeconds ? Math.round(seconds * 1_000) : Number.NaN
}

/** Writes milliseconds as a person would: `30s`, `1m`, `250ms`. */
export function formatDuration(ms: number): string {
  for (const unit of ['h', 'm', 's'] as const) {
    const size = unitsInMs[unit] ?? 1
    if (ms >= size && ms % size === 0) return `${ms / size}${unit}`
  }
  return `${ms}ms`
}
