import { pathToFileURL } from 'node:url'
import { nameOf } from '../errors/thrown.ts'
import { importAsMain } from '../platform/node/import-as-main.ts'
import { holdModuleWarning } from './hold-module-warning.ts'

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
  const warning = holdModuleWarning()
  try {
    return await importIt(url)
  } catch (error) {
    const transformed = transformable.test(file) ? await importByLoader(file, error) : null
    // The error says it with a cure.
    if (transformed !== null || nameOf(error) === 'SyntaxError') warning.drop()
    if (transformed === null) throw error
    return transformed
  } finally {
    // Not by `using`, for which older Nodes need a helper that every worker would read.
    warning[Symbol.dispose]()
  }
}

/** `null`: a loader would not help. */
async function importByLoader(file: string, error: unknown): Promise<Record<string, unknown> | null> {
  const { needsTransform } = await import('./typescript/needs-transform.ts')
  if (!needsTransform(error, file)) return null
  const { refuseSecondImport } = await import('./typescript/second-import.ts')
  await refuseSecondImport(file, error)
  const { importTransformed } = await import('./typescript/import-transformed.ts')
  return importTransformed(file)
}

async function importAsOther(url: string): Promise<Record<string, unknown>> {
  return (await import(url)) as Record<string, unknown>
}
