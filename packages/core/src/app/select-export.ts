import { LaunchError } from '../errors/launch-error.ts'
import { suggestion } from '../options/sources/suggest.ts'

/** Names under which a module may export its app when it has no default export, in this order. */
const conventionalNames = ['app', 'handler', 'server'] as const

/** Takes the app out of its module: the export that was named, else the default one, else a conventional one. */
export function selectExport(
  module: Record<string, unknown>,
  { file, exportName }: { file: string; exportName: string | null },
): unknown {
  const exports = exportsOf(module)
  const names = Object.keys(exports).filter((name) => name !== '__esModule' && name !== 'module.exports')
  if (exportName !== null) {
    const root = exports['default']
    if (Object.hasOwn(exports, exportName)) return exports[exportName]
    if (typeof root === 'object' && root !== null && exportName in root)
      return (root as Record<string, unknown>)[exportName]
    throw missing(file, `has no export "${exportName}"`, suggestion(exportName, names, listed(names)))
  }
  if (exports['default'] !== undefined) return exports['default']
  // A module that exports `fetch` is itself a { fetch } object.
  if (typeof exports['fetch'] === 'function') return exports
  const name = conventionalNames.find((candidate) => exports[candidate] !== undefined)
  if (name !== undefined) return exports[name]
  throw missing(
    file,
    names.length === 0 ? 'exports nothing' : 'has no default export',
    `Export the app by default, or name its export behind a colon. ${listed(names)}`,
  )
}

/** What a module exports. If a compiler has turned `export default` into CommonJS, the export is one level deeper. */
export function exportsOf(module: Record<string, unknown>): Record<string, unknown> {
  const root = module['default']
  const compiled = typeof root === 'object' && root !== null && '__esModule' in root
  return compiled ? (root as Record<string, unknown>) : module
}

function listed(names: readonly string[]): string {
  return names.length === 0
    ? 'If it calls listen() itself: leave that to the launcher and export the app.'
    : `It exports ${names.join(', ')}.`
}

function missing(file: string, what: string, hint: string): LaunchError {
  return new LaunchError({
    code: 'LOCKSTEP_ERR_APP_EXPORT_MISSING',
    message: `The module ${file} ${what}.`,
    hint,
  })
}
