import { z } from 'zod'
import type { Kind } from '../kind.ts'
import { pem } from '../kinds.ts'
import { splitPaths } from '../split-list.ts'
import { zodSchema } from '../zod-schema.ts'
import { isPemPath, looksLikeKeyText } from './pem-path.ts'

export type GivenPem = string | Uint8Array

/** One or several pieces of PEM material. Paths in one text have commas between (see `splitPaths`); PEM text is one piece. */
export function pemList(
  what: string,
): Kind<GivenPem | readonly GivenPem[], readonly [GivenPem, ...GivenPem[]]> {
  const one = pem(what)
  const piece = zodSchema(one.schema)
  return {
    placeholder: '<path>',
    expects: `${one.expects}, or a list of them`,
    schema: z
      .union([piece, z.array(piece).min(1)])
      .transform((given) => (Array.isArray(given) ? given : [given]) as unknown as [GivenPem, ...GivenPem[]]),
    fromText: (given, directory) => (isPemPath(given) ? splitPaths(given, directory) : given),
    isList: true,
    anchor: (values, directory) =>
      values.map((value) => one.anchor?.(value, directory) ?? value) as [GivenPem, ...GivenPem[]],
    format: (values) => values.map(shown).join(', '),
    inputType: 'string | Uint8Array | readonly (string | Uint8Array)[]',
    jsonSchema: {
      anyOf: [one.jsonSchema, { type: 'array', items: one.jsonSchema, minItems: 1 }],
    },
  }
}

function shown(value: GivenPem): string {
  // Base64 without its header may be a key.
  return isPemPath(value) && !looksLikeKeyText(value) ? value : '(given in memory)'
}
