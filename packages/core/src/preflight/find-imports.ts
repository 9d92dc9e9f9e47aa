import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Fault } from '../errors/launch-error.ts'
import { isPathOfModule } from '../options/kinds/modules-kind.ts'
import type { ResolvedOptions } from '../options/resolve-options.ts'
import { isClosedOff, statIfReachable } from '../platform/files/stat-if-reachable.ts'

/**
 * The files of the modules that are loaded before the app. A package is looked for where the app is, by the conditions of an import, and then
 * where the option was set. `before`: what the folder of the app names itself.
 */
export async function findImports(
  { import: option }: ResolvedOptions,
  { file: appFile, before }: { file: string; before: readonly string[] },
): Promise<{ readonly files: readonly string[]; readonly faults: readonly Fault[] }> {
  const { value, source } = option
  const files: string[] = []
  const faults: Fault[] = []
  for (const specifier of [...before, ...(value ?? [])]) {
    const file = isPathOfModule(specifier)
      ? specifier
      : await fileOfPackage(specifier, [dirname(appFile), source.directory])
    if (file !== null && statIfReachable(file)?.isFile()) files.push(file)
    else faults.push(notFound(specifier, { file, directory: source.directory, source: source.label }))
  }
  return { files, faults }
}

async function fileOfPackage(specifier: string, folders: readonly string[]): Promise<string | null> {
  const { resolveModulePath } = await import('exsolve')
  const from = folders.map((folder) => join(folder, 'app.js'))
  return resolveModulePath(specifier, { from, conditions: ['node', 'import'], try: true }) ?? null
}

function notFound(
  specifier: string,
  { file, directory, source }: { file: string | null; directory: string; source: string },
): Fault {
  const found =
    file === null
      ? `There is no package ${specifier} to import before the app.`
      : `There is no file ${file} to import before the app${isClosedOff(file) ? ': permission is denied' : ''}.`
  const hint =
    file === null && existsSync(join(directory, specifier))
      ? `A file is named by a path: ./${specifier}.`
      : file === null
        ? 'Install it where the app is, or name a file by a path that begins with ./'
        : 'Correct the path. It starts where the option is set.'
  return { code: 'LOCKSTEP_ERR_IMPORT_NOT_FOUND', message: found, hint, source }
}
