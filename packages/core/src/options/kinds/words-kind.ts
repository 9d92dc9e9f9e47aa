import { z } from 'zod'
import type { Kind } from './kind.ts'

/** Words in their order, each taken to the letter. A text is a JSON array, or has white space between its words. */
export const words: Kind<readonly string[], readonly string[]> = {
  placeholder: '<words>',
  expects: 'a list of words',
  schema: z.array(z.string()).readonly() as unknown as z.ZodType<readonly string[], readonly string[]>,
  fromText: (given) => arrayIn(given) ?? given.trim().split(/\s+/),
  isList: true,
  format: (values) => (values.length === 0 ? 'none' : values.map(quoted).join(' ')),
  jsonSchema: { type: 'array', items: { type: 'string' } },
}

/** The value of a text that is a JSON array. */
export function arrayIn(text: string): unknown {
  if (!text.trim().startsWith('[')) return undefined
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

const quoted = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : JSON.stringify(word))
