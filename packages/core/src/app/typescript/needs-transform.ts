import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { getTsconfig } from 'get-tsconfig'
import { codeOf, isErrorLike, stackOf } from '../../errors/thrown.ts'

/** What Node's own type stripping can't load: enums and the like, JSX, and imports in the manner of bundlers. */
const beyondTypeStripping = new Set([
  'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX',
  'ERR_INVALID_TYPESCRIPT_SYNTAX',
  'ERR_UNSUPPORTED_DIR_IMPORT',
  'ERR_UNKNOWN_FILE_EXTENSION',
  'ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING',
])

/**
 * Whether a TypeScript or JSX module failed for something that a loader can cure. Some of the app may have run by then: see `second-import.ts`.
 */
export function needsTransform(error: unknown, file: string): boolean {
  if (!/\.(?:[mc]?ts|[jt]sx)$/.test(file)) return false
  return (
    beyondTypeStripping.has(codeOf(error)) ||
    isBundlerImport(error) ||
    isAliasedImport(error, file) ||
    isLinkError(error)
  )
}

/** An import of `./x` or `./x.js` where `x.ts` is meant, as bundlers allow. */
function isBundlerImport(error: unknown): boolean {
  if (codeOf(error) !== 'ERR_MODULE_NOT_FOUND' || typeof (error as { url?: unknown }).url !== 'string')
    return false
  const url = (error as { url: string }).url
  if (!url.startsWith('file:')) return false
  const missing = fileURLToPath(url).replace(/\.([mc]?)js$/, '')
  return ['.ts', '.mts', '.cts', '.tsx', '/index.ts'].some((ending) => existsSync(`${missing}${ending}`))
}

/** An import of a name that `paths` or `baseUrl` of tsconfig.json maps. Node names only the part that would be a package. */
function isAliasedImport(error: unknown, file: string): boolean {
  if (!['ERR_MODULE_NOT_FOUND', 'ERR_PACKAGE_IMPORT_NOT_DEFINED'].includes(codeOf(error))) return false
  const text = isErrorLike(error) ? error.message : ''
  const name = /^(?:Cannot find package '|Package import specifier ")([^'"]+)/.exec(text)?.[1]
  const found = name === undefined ? null : getTsconfig(file)
  if (name === undefined || !found) return false
  const { paths = {}, baseUrl } = found.config.compilerOptions ?? {}
  const starts = Object.keys(paths).map((key) => key.split('*', 1)[0] ?? '')
  if (starts.some((start) => name.startsWith(start) || start.startsWith(name))) return true
  const place = baseUrl === undefined ? null : resolve(found.path, '..', baseUrl, name)
  return place !== null && ['', '.ts', '.tsx'].some((ending) => existsSync(`${place}${ending}`))
}

/**
 * A syntax error of V8, as for a decorator, or the import of a type that only a compiler knows to be one. All of its frames are those of Node:
 * one that a running module throws, as by `JSON.parse()`, has others.
 */
function isLinkError(error: unknown): boolean {
  if (!isErrorLike(error) || error.name !== 'SyntaxError' || codeOf(error) !== '') return false
  const own = new URL('.', import.meta.url).href
  return stackOf(error)
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .every((frame) => /\bnode:/.test(frame) || frame.includes(own))
}
