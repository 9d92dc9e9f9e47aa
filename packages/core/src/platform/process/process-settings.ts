import { whyFileFails } from '../../errors/file-error.ts'
import { LaunchError } from '../../errors/launch-error.ts'
import { currentFolder, realFolder } from './current-folder.ts'

/** Settings of the whole process, which processes that it starts inherit. */
export interface ProcessSettings {
  /** An absolute path; `null`: stay. */
  readonly chdir: string | null
  /** `null`: as it is. */
  readonly umask: number | null
}

/**
 * Applies them until disposed of. A process has one folder and one umask: a server that needs others than a server which runs already
 * is refused (`LOCKSTEP_ERR_PROCESS_SETTING`), and the process gets its own back when the last server that needs them has stopped. What the app
 * has changed meanwhile is left as the app has it.
 */
export function applyProcessSettings({ chdir, umask }: ProcessSettings): Disposable {
  const taken: Disposable[] = []
  const giveBack = (): void => {
    for (const setting of taken.splice(0).reverse()) setting[Symbol.dispose]()
  }
  try {
    if (chdir !== null) taken.push(folder.take(chdir))
    if (umask !== null) taken.push(mask.take(umask))
  } catch (error) {
    giveBack()
    throw error
  }
  return { [Symbol.dispose]: giveBack }
}

/** The folder of the process without what servers have set: where relative paths of the program that embeds them start. By its name: `currentFolder()`. */
export function ownFolder(): string {
  return folder.before()?.name ?? currentFolder()
}

/** The umask of the process without what servers have set; `null`: as it is. */
export function ownUmask(): number | null {
  return mask.before()
}

const folder = exclusiveSetting<string, Place>({
  name: 'chdir',
  apply(path) {
    const before = { name: currentFolder(), real: realFolder() }
    try {
      process.chdir(path)
    } catch (cause) {
      // Whether Windows lets this user in, only the attempt shows.
      throw new LaunchError({
        code: 'LOCKSTEP_ERR_FOLDER',
        message: `The folder ${path} cannot be run in: ${whyFileFails(cause)}.`,
        hint: 'Name a folder that exists and that this user may enter.',
        source: 'chdir',
        cause,
      })
    }
    // The system may know the folder by another name: that of a link's target.
    return { before, now: { name: path, real: realFolder() } }
  },
  restore({ before, now }) {
    // A link in the name may lead elsewhere by now.
    if (before.real !== null && realFolder() === now.real) process.chdir(before.real)
  },
  show: (path) => path,
})

const mask = exclusiveSetting<number, number>({
  name: 'umask',
  apply: (value) => ({ before: process.umask(value), now: value }),
  restore({ before, now }) {
    const found = process.umask(before)
    if (found !== now) process.umask(found)
  },
  show: (value) => value.toString(8).padStart(3, '0'),
})

interface Place {
  /** By its name. */
  readonly name: string
  /** Without links; `null` when it was removed. */
  readonly real: string | null
}

interface Change<State> {
  readonly before: State
  readonly now: State
}

function exclusiveSetting<Value, State>({
  name,
  apply,
  restore,
  show,
}: {
  name: string
  apply: (value: Value) => Change<State>
  restore: (change: Change<State>) => void
  show: (value: Value) => string
}) {
  let held: { readonly wanted: Value; readonly change: Change<State>; servers: number } | null = null
  return {
    before: () => held?.change.before ?? null,
    take(wanted: Value): Disposable {
      if (held && held.wanted !== wanted)
        throw isTaken(name, { wanted: show(wanted), held: show(held.wanted) })
      held ??= { wanted, change: apply(wanted), servers: 0 }
      const mine = held
      mine.servers += 1
      return {
        [Symbol.dispose]() {
          mine.servers -= 1
          if (mine.servers > 0) return
          held = null
          try {
            restore(mine.change)
          } catch {
            // The old folder is gone, or closed to the user that this process has become: staying is all that is left.
          }
        },
      }
    },
  }
}

function isTaken(name: string, { wanted, held }: { wanted: string; held: string }): LaunchError {
  return new LaunchError({
    code: 'LOCKSTEP_ERR_PROCESS_SETTING',
    message: `Another server in this process runs with ${name} ${held}, so this one cannot have ${name} ${wanted}: both are settings of the whole process.`,
    hint: `Stop the other server first, give both the same ${name}, or start one of them by \`lockstep run\` in a process of its own.`,
    source: name,
  })
}
