import { existsSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { codeOf } from '../errors/thrown.ts'

/** What Node's own type stripping can't load: enums and the like, and imports in the manner of bundlers. */
const beyondTypeStripping = new Set([
  'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX',
  'ERR_INVALID_TYPESCRIPT_SYNTAX',
  'ERR_UNSUPPORTED_DIR_IMPORT',
  'ERR_UNKNOWN_FILE_EXTENSION',
  'ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING',
])

/**
 * Imports a module by its path, TypeScript without a build included. Node's type stripping comes first, because it keeps
 * line numbers and module identity; the codes above are raised while modules are linked, before any of them has run, so that
 * a second way has no side effect twice.
 */
export async function importModule(file: string): Promise<Record<string, unknown>> {
  try {
    return (await import(pathToFileURL(file).href)) as Record<string, unknown>
  } catch (error) {
    if (!/\.[mc]?ts$/.test(file) || !(beyondTypeStripping.has(codeOf(error)) || isBundlerImport(error)))
      throw error
    const { createJiti } = await import('jiti')
    return (await createJiti(import.meta.url, { interopDefault: false }).import(file)) as Record<
      string,
      unknown
    >
  }
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
