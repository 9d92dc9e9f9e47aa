import { pageOfErrors } from '@lockstep/core/internal'
import { z } from 'zod'
import { jsonResults, schemaOf } from './json-results.ts'
import { type JsonCommand, jsonVersions } from './json-versions.ts'

const commands = Object.keys(jsonVersions) as JsonCommand[]

/** The JSON Schema of what each command writes. */
export function jsonOutputSchema(): unknown {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'What the commands of Lockstep write with --json',
    $defs: Object.fromEntries(commands.map((name) => [name, schemaFor(name)])),
  }
}

/** A command that writes the same as another has its schema. */
function schemaFor(name: JsonCommand): object {
  const twin = twinOf(name)
  return twin === undefined ? withoutDraft(z.toJSONSchema(schemaOf(name))) : { $ref: `#/$defs/${twin}` }
}

function twinOf(name: JsonCommand): JsonCommand | undefined {
  return commands
    .slice(0, commands.indexOf(name))
    .find((other) => jsonResults[other].result === jsonResults[name].result)
}

/** The whole of `docs/json-output.md`. */
export function jsonDocs(): string {
  return `# Output as JSON

<!-- Generated from packages/cli/src/json/json-results.ts by \`npm run docs\`. Do not edit. -->

Every command takes \`--json\`. Then standard output has one JSON object, also if the command fails, and the exit code stays the same. Progress and
notices go to standard error.

- \`schema\` is the version of the object for this command. It rises when a property is removed, or changes its type or its meaning. New properties do
  not change it, so ignore what you don't know.
- \`ok\` says whether the command succeeded. If it is false, \`exitCode\` and \`faults\` say why. \`plan\`, \`cert inspect\` and \`conformance\` have their
  result too then, and \`faults\` may be empty: the result says what is wrong.
- Numbers are numbers, times are ISO 8601 in UTC, and what is not there is \`null\`.

<!-- run: failure, exits: 11 -->

\`\`\`console
$ lockstep stop --json
{
  "schema": 1,
  "ok": false,
  "faults": [
    {
      "code": "LOCKSTEP_ERR_CONTROL_NO_SERVER",
      "message": "This user has no running server.",
      "hint": "Only servers that the same user started with \`lockstep run\`, or with \`launch()\` and the option \`control\`, are found. Looked in /run/user/1000/lockstep.",
      "source": null,
      "docs": "${pageOfErrors('LOCKSTEP_ERR_CONTROL_NO_SERVER')}"
    }
  ],
  "exitCode": 11
}
\`\`\`

\`run\`, \`serve\`, \`exec\` and \`status --watch\` write each object on one line, because another may follow. With \`--log-format json\`, a start that
fails writes each fault as one line of the log, on standard error: \`{"level":"error","type":"fault","code":…,"message":…,"hint":…}\`.

[json-output.schema.json](json-output.schema.json) has the JSON Schema of each command under \`$defs\`. A test compares it with what the commands write.

${commands.map(sectionOf).join('\n')}`
}

function sectionOf(name: JsonCommand): string {
  const { says, result } = jsonResults[name]
  const rows = Object.entries<z.ZodType>(result).map(([property, type]) => {
    const schema = z.toJSONSchema(type) as Schema
    return `| \`${property}\` | ${typeOf(schema)} | ${(type.description ?? '').replaceAll('|', '\\|')} |`
  })
  const head = `## \`lockstep ${name} --json\`\n\nVersion ${jsonVersions[name]}. ${says}\n`
  if (twinOf(name) !== undefined) return head
  return `${head}
| property | type | meaning |
|---|---|---|
${rows.join('\n')}
`
}

interface Schema {
  readonly type?: string | readonly string[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly format?: string
  readonly anyOf?: readonly Schema[]
  readonly items?: Schema
  readonly properties?: Readonly<Record<string, Schema>>
}

function typeOf({ type, enum: values, const: value, format, anyOf, items, properties }: Schema): string {
  if (value !== undefined) return `\`${JSON.stringify(value)}\``
  if (values) return values.map((one) => `\`${JSON.stringify(one)}\``).join(' or ')
  if (anyOf) return [...new Set(anyOf.map(typeOf))].join(' or ')
  if (items) return `list of ${typeOf(items)}`
  if (properties) return `object: ${Object.keys(properties).join(', ')}`
  if (format === 'date-time') return 'time'
  return [type ?? 'any'].flat().join(' or ')
}

function withoutDraft(schema: object): object {
  return Object.fromEntries(Object.entries(schema).filter(([name]) => name !== '$schema'))
}
