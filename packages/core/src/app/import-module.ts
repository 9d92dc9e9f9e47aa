import { pathToFileURL } from 'node:url'
import { importAsMain } from '../platform/node/import-as-main.ts'

/** A quick look, so that most apps never load the code that knows more. */
const transformable = /\.(?:[mc]?ts|[jt]sx)$/

/**
 * Imports a module by its path, TypeScript without a build included. Node's type stripping comes first, because it keeps line numbers and
 * module identity. What is beyond it, such as JSX, decorators and enums, goes through a loader. Throws `LOCKSTEP_ERR_APP_LOAD` when
 * some of the module has run by then.
 */
export async function importModule(
  file: string,
  { isMain = false }: { isMain?: boolean } = {},
): Promise<Record<string, unknown>> {
  const importIt = isMain ? importAsMain : importAsOther
  const url = pathToFileURL(file).href
  if (!transformable.test(file)) return importIt(url)
  const { holdModuleWarning } = await import('./typescript/hold-module-warning.ts')
  const warning = holdModuleWarning()
  try {
    return await importIt(url)
  } catch (error) {
    const { needsTransform } = await import('./typescript/needs-transform.ts')
    if (!needsTransform(error, file)) throw error
    const { refuseSecondImport } = await import('./typescript/second-import.ts')
    await refuseSecondImport(file, error)
    const { importTransformed } = await import('./typescript/import-transformed.ts')
    const module = await importTransformed(file)
    warning.drop()
    return module
  } finally {
    warning[Symbol.dispose]()
  }
}

async function importAsOther(url: string): Promise<Record<string, unknown>> {
  return (await import(url)) as Record<string, unknown>
}
