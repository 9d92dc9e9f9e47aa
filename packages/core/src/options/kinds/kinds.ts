import { resolve } from 'node:path'
import { z } from 'zod'
import { absolutePath } from '../../platform/files/absolute-path.ts'
import { isBytes } from '../../platform/node/is-bytes.ts'
import type { Completes, Kind } from './kind.ts'
import { splitPaths } from './split-list.ts'
import { isPemPath, looksLikeKeyText } from './tls/pem-path.ts'
import { zodSchema } from './zod-schema.ts'

const identity = (text: string): unknown => text

export function text(expects: string, placeholder: string): Kind<string, string> {
  return { placeholder, expects, schema: z.string().trim().min(1), fromText: identity }
}

/** A secret is taken to the letter: white space at its ends may belong to it. */
export function secret(expects: string): Kind<string, string> {
  return { placeholder: '<secret>', expects, schema: z.string().min(1), fromText: identity }
}

export function oneOf<const Choice extends string>(
  choices: readonly [Choice, ...Choice[]],
  spellings: Readonly<Record<string, Choice>> = {},
): Kind<Choice, Choice> {
  return {
    placeholder: `<${choices.join('|')}>`,
    expects: `one of ${choices.join(', ')}`,
    schema: z.enum(choices) as unknown as z.ZodType<Choice, Choice>,
    completes: choices,
    fromText: (given) =>
      spellings[given.toLowerCase()] ??
      choices.find((choice) => choice.toLowerCase() === given.toLowerCase()) ??
      given,
  }
}

export function wholeNumber({ min, max }: { min: number; max: number }): Kind<number, number> {
  return {
    placeholder: '<number>',
    expects: `a whole number from ${min} to ${max}`,
    schema: z.number().int().min(min).max(max),
    fromText: numberFromText,
  }
}

export function wholeNumberOr<const Word extends string>(
  word: Word,
  { min, max }: { min: number; max: number },
): Kind<number | Word, number | Word> {
  return {
    placeholder: `<number|${word}>`,
    expects: `a whole number from ${min} to ${max}, or ${word}`,
    schema: z.union([z.number().int().min(min).max(max), z.literal(word)]) as unknown as z.ZodType<
      number | Word,
      number | Word
    >,
    completes: [word],
    fromText: numberFromText,
  }
}

const truths: Readonly<Record<string, boolean>> = {
  true: true,
  1: true,
  yes: true,
  on: true,
  false: false,
  0: false,
  no: false,
  off: false,
}

export const toggle: Kind<boolean, boolean> = {
  placeholder: '',
  expects: 'true or false',
  schema: z.boolean(),
  fromText: (given) => truths[given.trim().toLowerCase()] ?? given,
  isSwitch: true,
}

/** A path. Relative ones mean the folder where they were written, not where the process happens to run. */
export function path(expects: string, completes: Completes = 'files'): Kind<string, string> {
  return {
    placeholder: '<path>',
    expects,
    completes,
    schema: z.string().min(1),
    fromText: identity,
    anchor: (value, directory) => absolutePath(directory, value),
  }
}

/** A path, or `-` for a standard stream. */
export function pathOrDash(expects: string): Kind<string, string> {
  return {
    ...path(expects),
    placeholder: '<path|->',
    anchor: (value, directory) => (value === '-' ? value : absolutePath(directory, value)),
  }
}

/** PEM material: a path, or the text itself, or its bytes. */
export function pem(what: string): Kind<string | Uint8Array, string | Uint8Array> {
  return {
    placeholder: '<path>',
    expects: `the path of ${what}, or its PEM text`,
    schema: z.union([z.string().min(1), z.custom<Uint8Array>(isBytes)]),
    fromText: identity,
    completes: 'files',
    anchor: (value, directory) => (isPemPath(value) ? resolve(directory, value) : value),
    inputType: 'string | Uint8Array',
    jsonSchema: { type: 'string', minLength: 1 },
  }
}

function numberFromText(given: string): unknown {
  return /^[+-]?\d+(\.\d+)?$/.test(given.trim()) ? Number(given) : given
}

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
    completes: 'files',
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
