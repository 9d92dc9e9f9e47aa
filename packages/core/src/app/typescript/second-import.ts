import { realpathSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { LaunchError } from '../../errors/launch-error.ts'
import { headlineOf, stackOf } from '../../errors/thrown.ts'
import { findSyntaxError } from './find-syntax-error.ts'

/**
 * Throws `LOCKSTEP_ERR_APP_LOAD` when some of a module has run before its import failed with `error`, as with a `require()` or `import()` in it:
 * a second import by another loader would open its connections and start its timers twice.
 */
export async function refuseSecondImport(file: string, error: unknown): Promise<void> {
  if (!(await hasBegun(file, error))) return
  const failed = failedPlaceOf(error)
  const place = failed ? `${failed.file}:${failed.line}` : await findSyntaxError(file, error as Error)
  throw new LaunchError({
    code: 'LOCKSTEP_ERR_APP_LOAD',
    message: `${file} loads a module while it runs that Node can't load${place === null ? '' : `, ${place}`}: ${headlineOf(error)}`,
    hint: 'Correct it there, or install tsx where the app is (`npm install -D tsx`), and start with --import tsx, which loads the whole app. Lockstep does not try another loader by itself here, because the code before that place would run twice.',
    cause: error,
  })
}

/**
 * Whether some of a module or of what it imports has run before its import failed with `error`. Nothing is run here.
 */
async function hasBegun(file: string, error: unknown): Promise<boolean> {
  // A CommonJS module is compiled after the linking. V8 puts the place of the mistake in front: before it compiles, nothing of it has run.
  if (failedPlaceOf(error)?.file === realpathSync(file)) return false
  // All modules are linked before the first of them runs (ECMA-262, 16.2.1.6). So this one, which throws at once, runs only if the linking succeeds.
  const first = dataUrl('throw null')
  const both = dataUrl(`import ${JSON.stringify(first)}; import ${JSON.stringify(pathToFileURL(file).href)}`)
  try {
    await import(both)
    return true
  } catch (thrown) {
    return thrown === null
  }
}

/** The place that Node and V8 put in front of the stack of some syntax errors: `/app/shop.cts:3`. */
function failedPlaceOf(error: unknown): { readonly file: string; readonly line: string } | null {
  const [, place, line] = /^(\S.*):(\d+)$/.exec(stackOf(error).split('\n', 1)[0] ?? '') ?? []
  if (place === undefined || line === undefined) return null
  return { file: place.startsWith('file:') ? fileURLToPath(place) : place, line }
}

function dataUrl(source: string): string {
  return `data:text/javascript,${encodeURIComponent(source)}`
}
