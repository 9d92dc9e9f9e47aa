import { LaunchError } from '../../errors/launch-error.ts'
import { messageOf } from '../../errors/thrown.ts'
import type { LaunchPlan } from '../../plan/launch-plan.ts'
import { ownFolder, ownUmask } from '../../platform/process-settings.ts'

/** Where and how a worker runs, whatever the primary's own process has become by the time when it starts the worker. */
export interface WorkerSurroundings {
  readonly folder: string | null
  /** `null`: as it is inherited. */
  readonly umask: number | null
  /** Whether the folder was chosen, so that the worker must not run elsewhere. */
  readonly isChosen: boolean
}

/** Looked at once, when the launch starts: later workers run as the first ones do. */
export function workerSurroundings({ chdir, umask }: LaunchPlan): WorkerSurroundings {
  return { folder: chdir ?? folderIfAny(), umask: umask ?? ownUmask(), isChosen: chdir !== null }
}

/** In the worker, before the app is loaded. A process starts where its flags of Node make sense, and goes on from there. */
export function enterSurroundings({ folder, umask, isChosen }: WorkerSurroundings): void {
  if (umask !== null) process.umask(umask)
  if (folder === null) return
  try {
    process.chdir(folder)
  } catch (cause) {
    if (!isChosen) return // The folder of the launch was removed since: an app that does not need it serves on.
    throw new LaunchError({
      code: 'ERR_FOLDER',
      message: `Can't change to ${folder}: ${messageOf(cause)}.`,
      hint: 'Name a folder with --chdir that exists and that this user may enter.',
      source: 'chdir',
      cause,
    })
  }
}

function folderIfAny(): string | null {
  try {
    return ownFolder()
  } catch {
    return null // It is gone.
  }
}
