import type { PlannedApp } from '../plan/launch-plan.ts'

/**
 * Shows the app what it expects in `process.argv`: Node, its own file, its arguments, as after `node app.js ARGS`. The array stays the
 * same object, since modules may have it already. Disposing of it puts back what was there.
 */
export function showArguments(app: PlannedApp, args: readonly string[]): Disposable {
  const before = [...process.argv]
  const [, script = ''] = before
  const shown = [process.execPath, app.kind === 'module' ? app.file : script, ...args]
  process.argv.splice(0, process.argv.length, ...shown)
  return {
    [Symbol.dispose]() {
      // Other code has changed it since: leave it.
      if (process.argv.join('\0') === shown.join('\0')) process.argv.splice(0, process.argv.length, ...before)
    },
  }
}
