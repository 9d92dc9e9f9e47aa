import { Server as NetServer } from 'node:net'
import { LaunchError } from '../errors/launch-error.ts'
import { suggestion } from '../options/sources/suggest.ts'
import { util } from '../platform/node/node-util.ts'
import { hasShapeOfApp } from './recognise-app.ts'

/** Names under which a module may export its app when it has no default export. */
export const conventionalNames = ['app', 'handler', 'server'] as const

type Named = Readonly<Record<string, unknown>>

/**
 * Takes the app out of its module: the export that was named, else the default one, else one with a conventional name, also in the object
 * that a CommonJS module exports. Throws `LOCKSTEP_ERR_APP_EXPORT_MISSING` when there is none, or several that differ.
 */
export function selectExport(
  module: Record<string, unknown>,
  { file, exportName }: { file: string; exportName: string | null },
): unknown {
  const exports = exportsOf(module)
  const root = exports['default']
  const names = Object.keys(exports).filter(
    (name) => name !== '__esModule' && name !== 'module.exports' && !(name === 'default' && isEmpty(root)),
  )
  if (exportName !== null) {
    if (Object.hasOwn(exports, exportName)) return exports[exportName]
    if (typeof root === 'object' && root !== null && exportName in root) return (root as Named)[exportName]
    throw missing(file, `has no export "${exportName}"`, suggestion(exportName, names, listed(names)))
  }
  if (root !== undefined && !isEmpty(root))
    return (isCollection(root) ? conventional(root, file) : undefined) ?? root
  // A module that exports `fetch` is itself a { fetch } object.
  if (typeof exports['fetch'] === 'function') return exports
  const app = conventional(exports, file)
  if (app !== undefined) return app
  throw missing(
    file,
    names.length === 0
      ? 'exports no app, and no server of it listens'
      : 'has no default export, and no server of it listens',
    `Export the app by default (\`export default app\`, or \`module.exports = app\` in CommonJS), or name its export behind a colon (\`server.js:app\`), or let a server of node:http listen (\`app.listen(3000)\`). ${listed(names)}`.trim(),
  )
}

/**
 * What a module that listens by itself exports by default. What it exports under a name, as the `handler` of Astro, is not the app then: it is there for
 * programs that import the module.
 */
export function defaultExport(module: Record<string, unknown>): unknown {
  return exportsOf(module)['default']
}

/** What a module exports. If a compiler has turned `export default` into CommonJS, the export is one level deeper. */
export function exportsOf(module: Record<string, unknown>): Record<string, unknown> {
  const root = module['default']
  const compiled = typeof root === 'object' && root !== null && '__esModule' in root
  return compiled ? (root as Record<string, unknown>) : module
}

/** What a CommonJS module exports that exports nothing. */
function isEmpty(given: unknown): boolean {
  return (
    typeof given === 'object' &&
    given !== null &&
    Object.getPrototypeOf(given) === Object.prototype &&
    Reflect.ownKeys(given).length === 0
  )
}

/** Whether it holds an app under a name, as in `module.exports = { app, server }`, and is not an app itself. */
function isCollection(given: unknown): given is Named {
  return typeof given === 'object' && given !== null && !util.types.isPromise(given) && !hasShapeOfApp(given)
}

/**
 * The export with a conventional name, or `undefined`. A server of Node counts before the app that it was made with, since it has that app as
 * a listener, and its settings and WebSockets besides. Otherwise two names for different things are a fault: one of them would be dropped.
 */
function conventional(exports: Named, file: string): unknown {
  const found = conventionalNames.filter((name) => Object.hasOwn(exports, name) && exports[name] != null)
  const { server, app } = exports
  if (found.includes('server') && (server instanceof NetServer || found.length === 1)) return server
  // A server that is not one of Node's, such as that of Apollo, is what the app was made with.
  if (found.includes('app') && !found.includes('handler')) return app
  const [first, ...others] = found
  if (first === undefined || others.every((name) => exports[name] === exports[first]))
    return exports[first ?? '']
  throw missing(
    file,
    `exports several that may be the app (${found.join(', ')}), and none by default`,
    `Name the one that is served: ${found.map((name) => `\`${file}:${name}\``).join(' or ')}.`,
  )
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? '' : `It exports ${names.join(', ')}.`
}

function missing(file: string, what: string, hint: string): LaunchError {
  return new LaunchError({
    code: 'LOCKSTEP_ERR_APP_EXPORT_MISSING',
    message: `The module ${file} ${what}.`,
    hint,
  })
}
