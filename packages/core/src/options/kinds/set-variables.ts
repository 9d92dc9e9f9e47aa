import { z } from 'zod'
import type { Kind } from './kind.ts'
import { arrayIn } from './words-kind.ts'

const entry = /^[^=\s]+=/

/** Environment variables as `NAME=VALUE`, each name once. A text holds one, or several as a JSON array. Values may be secret, so only a placeholder is shown. */
export const setVariables: Kind<string | readonly string[], readonly string[]> = {
  placeholder: '<name=value>',
  expects: 'NAME=VALUE, with each name once',
  schema: z
    .union([z.string(), z.array(z.string())])
    .transform((given): readonly string[] => (typeof given === 'string' ? [given] : given))
    .refine((entries) => entries.every((one) => entry.test(one)))
    .refine((entries) => new Set(entries.map(nameOf)).size === entries.length),
  fromText: (given) => arrayIn(given) ?? [given],
  isList: true,
  format: (entries) => entries.map(shown).join(', '),
  inputType: 'string | readonly string[]',
}

/** `A=b=c` sets `A` to `b=c`. */
export function variablesIn(entries: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(entries.map((one) => [nameOf(one), one.slice(nameOf(one).length + 1)]))
}

function nameOf(one: string): string {
  return one.slice(0, one.indexOf('='))
}

function shown(one: string): string {
  return /=\{(?:port|host|socket)\}$/.test(one) ? one : `${nameOf(one)}=…`
}
