import { readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { LaunchError } from '../../errors/launch-error.ts'
import { codeOf } from '../../errors/thrown.ts'

/** The scripts of ours that new processes run, with all that they load, as they were when they were first looked at. */
const known = new Map<string, string | null>()

/** To be called before the script may be replaced: what is loaded later must be of the version that runs. */
export function rememberOwnScript(script: URL): void {
  const file = fileURLToPath(script)
  if (!known.has(file)) known.set(file, fingerprintOf(file))
}

/**
 * Throws `LOCKSTEP_ERR_INSTALLATION_CHANGED` when the script, or a file that it loads, was removed or replaced by another one since: a package that is upgraded or
 * removed while a server runs. The processes of two versions would not understand each other.
 */
export function checkOwnScript(script: URL): void {
  rememberOwnScript(script)
  const file = fileURLToPath(script)
  const before = known.get(file)
  // It could not be read then either: the process that runs it says why.
  if (before === null) return
  const now = fingerprintOf(file, before)
  if (now === before) return
  throw new LaunchError({
    code: 'LOCKSTEP_ERR_INSTALLATION_CHANGED',
    message:
      now === null
        ? `The files of Lockstep in ${dirname(file)} were removed while this server runs, so that no new process can start.`
        : `The files of Lockstep in ${dirname(file)} were replaced while this server runs: a new process of another version would not understand this one.`,
    hint: 'Start the server again.',
  })
}

/**
 * The files that it loads and their sizes, and its own text: the names of those that are shared have a digest of their content in them.
 * `null`: one is missing.
 * `unknown` is returned when that cannot be seen, as without a free descriptor.
 */
function fingerprintOf(file: string, unknown: string | null = null): string | null {
  const sizes = new Map<string, number>()
  const add = (name: string): void => {
    if (sizes.has(name)) return
    sizes.set(name, statSync(name).size)
    for (const [, loaded = ''] of readFileSync(name, 'utf8').matchAll(/["'](\.\/[\w.-]+\.c?js)["']/g))
      add(join(dirname(name), loaded))
  }
  try {
    add(file)
    return `${readFileSync(file, 'utf8')}\n${[...sizes].map((entry) => entry.join(' ')).join('\n')}`
  } catch (error) {
    return ['ENOENT', 'ENOTDIR'].includes(codeOf(error)) ? null : unknown
  }
}
