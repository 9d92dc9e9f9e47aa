import { z } from 'zod'
import type { Kind } from './kind.ts'

/**
 * Permission bits in octal digits. Text only: the number 660 in a JSON file would not be octal 660, and the mistake would not be seen.
 */
export function fileMode(expects: string): Kind<string, number> {
  return {
    placeholder: '<octal>',
    expects: `${expects}, in octal digits as text`,
    schema: z
      .string()
      .regex(/^(0o?)?[0-7]{1,3}$/)
      .transform((digits) => Number.parseInt(digits.replace('o', ''), 8)),
    fromText: (text) => text,
    format: formatMode,
    jsonSchema: { type: 'string', pattern: '^(0o?)?[0-7]{1,3}$' },
  }
}

/** In the notation of `chmod`: `0660`. */
export function formatMode(mode: number): string {
  return mode.toString(8).padStart(4, '0')
}
