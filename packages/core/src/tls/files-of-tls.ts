import { isAbsolute } from 'node:path'
import { isPemPath } from '../options/kinds/tls/pem-path.ts'
import { optionNames, optionRow } from '../options/option-table.ts'
import type { ResolvedOptions } from '../options/resolve-options.ts'

/** The files from which the TLS settings were read, those of a host's own certificate among them. */
export function filesOfTls(options: ResolvedOptions): string[] {
  const values = optionNames
    .filter((name) => name.startsWith('tls.') && optionRow(name).takesEffect === 'reload')
    // Only where a path is what it means: a command may begin with a slash too.
    .filter((name) => optionRow(name).kind.anchor)
    .map((name) => options[name].value)
  return [...new Set(values.flatMap(pathsIn))]
}

/** Paths have been made absolute where the options were resolved. */
function pathsIn(value: unknown): string[] {
  if (typeof value === 'string') return isPemPath(value) && isAbsolute(value) ? [value] : []
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return []
  return Object.values(value).flatMap(pathsIn)
}
