import { readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { LaunchError } from '../../errors/launch-error.ts'
import { codeOf } from '../../errors/thrown.ts'

interface OwnScript {
  readonly text: string
  /** Of the script and of all files that it loads, in bytes. The names of those that are shared have a digest of their content in them. */
  readonly sizes: ReadonlyMap<string, number>
}

/** The scripts of ours that new processes run, as they were when they were first looked at. `null`: one could not be read. */
const known = new Map<string, OwnScript | null>()

/** To be called before the script may be replaced: what is loaded later must be of the version that runs. */
export function rememberOwnScript(script: URL): void {
  const file = fileURLToPath(script)
  if (!known.has(file)) known.set(file, read(file))
}

/**
 * Throws `LOCKSTEP_ERR_INSTALLATION_CHANGED` when the script, or a file that it loads, was removed or replaced by another one since: a package that is upgraded or
 * removed while a server runs. The processes of two versions would not understand each other.
 */
export function checkOwnScript(script: URL): void {
  const file = fileURLToPath(script)
  const before = known.get(file)
  if (before === undefined) rememberOwnScript(script)
  // Where it could not be read then either, the process that runs it says why.
  if (!before) return
  const now = stateOf(file, before)
  if (now === 'same') return
  throw new LaunchError({
    code: 'LOCKSTEP_ERR_INSTALLATION_CHANGED',
    message:
      now === 'removed'
        ? `The files of Lockstep in ${dirname(file)} were removed while this server runs, so that no new process can start.`
        : `The files of Lockstep in ${dirname(file)} were replaced while this server runs: a new process of another version would not understand this one.`,
    hint: 'Start the server again.',
  })
}

function read(file: string): OwnScript | null {
  const sizes = new Map<string, number>()
  const add = (name: string): void => {
    if (sizes.has(name)) return
    sizes.set(name, statSync(name).size)
    for (const [, loaded = ''] of readFileSync(name, 'utf8').matchAll(/["'](\.\/[\w.-]+\.c?js)["']/g))
      add(join(dirname(name), loaded))
  }
  try {
    add(file)
    return { text: readFileSync(file, 'utf8'), sizes }
  } catch {
    return null
  }
}

/** `same` also where it cannot be seen, as without a free descriptor. */
function stateOf(file: string, { text, sizes }: OwnScript): 'same' | 'removed' | 'replaced' {
  try {
    const isSame =
      readFileSync(file, 'utf8') === text && [...sizes].every(([name, size]) => statSync(name).size === size)
    return isSame ? 'same' : 'replaced'
  } catch (error) {
    return ['ENOENT', 'ENOTDIR'].includes(codeOf(error)) ? 'removed' : 'same'
  }
}
