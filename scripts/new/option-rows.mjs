// The rows of the option table, as they are written.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { rootFolder } from '../workspace.mjs'
import { inside, keyOf, openSource, textsIn } from './source-file.mjs'

const folder = 'packages/core/src/options/rows'

/** One for each file: its name, as in `limits` of rows-limits.ts, its source and its rows. */
export function rowFiles() {
  return readdirSync(join(rootFolder, folder))
    .filter((name) => name.startsWith('rows-'))
    .map((name) => {
      const source = openSource(`${folder}/${name}`)
      const table = source.object(source.constants().find((constant) => constant.endsWith('Rows')))
      const rows = table.list.map((node) => ({ name: keyOf(node), node, fields: inside(node) }))
      return { name: name.replace(/^rows-|\.ts$/g, ''), source, table, rows }
    })
}

export function flagsOf({ fields }) {
  return textsIn(fields, 'flags')
}

export function groupOf({ fields }) {
  return textsIn(fields, 'group')[0]
}
