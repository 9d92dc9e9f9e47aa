/**
 * Imports a module as the main one of this process: `import.meta.main` is true in an ES module, and `require.main === module` in CommonJS.
 *
 * This is a trick. Node takes a module for the main one when no other module imports it, and an `import()` in a script without a file is
 * such an import. There is no public way for it. Node warns that this option of `node:vm` is experimental. That warning would be about the
 * launcher and not about the app, so it is left out. Look at this when `test/app/main-module.test.ts` fails with a new Node: a Node that
 * changes this imports the module as any other.
 */
export async function importAsMain(url: string): Promise<Record<string, unknown>> {
  const vm = process.getBuiltinModule('node:vm')
  const { emitWarning } = process
  let importing: Promise<Record<string, unknown>>
  process.emitWarning = () => undefined
  try {
    const importer = vm.runInThisContext('(url) => import(url)', {
      importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    }) as (url: string) => Promise<Record<string, unknown>>
    importing = importer(url)
  } finally {
    process.emitWarning = emitWarning
  }
  return importing
}
