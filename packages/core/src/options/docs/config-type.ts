import { z } from 'zod'
import { zodSchema } from '../kinds/zod-schema.ts'
import { type OptionName, optionNames, optionRow } from '../option-table.ts'
import { variableName } from '../sources/environment/variable-name.ts'

/** The source text of `LockstepConfig`, from the table. */
export function configType(): string {
  const heads = new Set(optionNames.map((name) => name.split('.')[0] ?? ''))
  const members = [...heads].map((head) => {
    const below = optionNames.filter((name) => name.startsWith(`${head}.`))
    if (below.length === 0) return member(head, head as OptionName, '  ')
    const inner = below.map((name) => member(name.slice(head.length + 1), name, '    '))
    return `  /** The options \`${head}.…\`. */\n  readonly ${head}?: {\n${inner.join('\n')}\n  } | undefined`
  })
  return `${introduction}\n${members.join('\n')}\n${hooks}}\n`
}

const introduction = `// Generated from the option table by \`npm run docs\`. Do not edit.
import type { ServerBackend } from '../backends/server-backend.ts'
import type { LaunchHooks } from '../hooks/launch-hooks.ts'
import type { HostCertificates } from './kinds/tls/sni-hosts.ts'

/**
 * What \`launch()\` and a configuration file take: each option under its name, nested at the dot. All are optional but the app, which
 * may come from another source.
 *
 * Durations are text with a unit (\`'500ms'\`, \`'30s'\`, \`'2m'\`) or a number of seconds. Sizes are text with a unit (\`'16KiB'\`, \`'512M'\`; both
 * count in powers of 1024) or a number of bytes. Relative paths start at the folder of the configuration file, or at the current one.
 */
export interface LockstepConfig {`

const hooks = `  /** Functions that the launcher calls (docs/events.md). No flag or variable can express them. */
  readonly hooks?: LaunchHooks | undefined
`

function member(key: string, name: OptionName, indent: string): string {
  const row = optionRow(name)
  const [flag] = row.flags
  const facts = [
    `Value: ${row.kind.expects}.`,
    ...(flag === undefined ? [] : [`Flag: \`${flag}\`.`]),
    `Variable: \`${variableName(name)}\`.`,
    `Changes take effect at ${row.takesEffect === 'reload' ? 'a reload' : 'the next start'}.`,
  ]
  const lines = [
    row.summary,
    '',
    ...(row.description === '' ? [] : [row.description, '']),
    facts.join(' '),
    ...(row.default === null ? [] : ['', `@default ${literal(row.default)}`]),
  ]
  const comment = lines.map((line) => `${indent} *${line === '' ? '' : ` ${inComment(line)}`}\n`).join('')
  return `${indent}/**\n${comment}${indent} */\n${indent}readonly ${key}?: ${inputType(name)} | undefined`
}

/** A text may contain the end of a comment. */
function inComment(line: string): string {
  return line.replaceAll('*/', '*\\/')
}

function inputType(name: OptionName): string {
  const { kind } = optionRow(name)
  return kind.inputType ?? typeOf(z.toJSONSchema(zodSchema(kind.schema), { io: 'input' }))
}

/** The few forms of JSON Schema that the kinds have. A kind with another one names its `inputType`. */
function typeOf({ anyOf, enum: choices, const: one, type, items }: z.core.JSONSchema.BaseSchema): string {
  if (anyOf) return anyOf.map((schema) => typeOf(schema)).join(' | ')
  if (choices) return choices.map(literal).join(' | ')
  if (one !== undefined) return literal(one)
  if (Array.isArray(type)) return type.join(' | ')
  if (type === 'integer') return 'number'
  if (type === 'array') return `readonly ${typeOf(items as z.core.JSONSchema.BaseSchema)}[]`
  if (type === 'string' || type === 'number' || type === 'boolean') return type
  throw new TypeError(`no type for ${JSON.stringify(type)}`)
}

function literal(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : String(value)
}
