import { z } from 'zod'
import { zodSchema } from '../kinds/zod-schema.ts'
import { type OptionName, optionNames, optionRow } from '../option-table.ts'

type Schema = Record<string, unknown>

/** The JSON Schema (draft 2020-12) of a configuration file, for editors and for programs that write one. */
export function configSchema(): Schema {
  const root: Schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Lockstep configuration',
    type: 'object',
    additionalProperties: false,
    properties: { $schema: { type: 'string' } },
  }
  for (const name of optionNames) place(root, name.split('.'), optionSchema(name))
  return root
}

function optionSchema(name: OptionName): Schema {
  const row = optionRow(name)
  const { $schema: _, ...schema } =
    row.kind.jsonSchema ?? z.toJSONSchema(zodSchema(row.kind.schema), { io: 'input', unrepresentable: 'any' })
  return { description: row.summary, ...(row.default !== null && { default: row.default }), ...schema }
}

function place(parent: Schema, [head = '', ...rest]: string[], schema: Schema): void {
  const properties = parent['properties'] as Record<string, Schema>
  if (rest.length === 0) {
    properties[head] = schema
    return
  }
  properties[head] ??= { type: 'object', additionalProperties: false, properties: {} }
  place(properties[head], rest, schema)
}
