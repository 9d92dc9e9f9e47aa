import { readlinkSync } from 'node:fs'
import { LaunchError } from '../../../errors/launch-error.ts'
import { codeOf, messageOf } from '../../../errors/thrown.ts'
import type { LaunchPlan } from '../../../plan/launch-plan.ts'
import { realFolder } from '../../../platform/process/current-folder.ts'
import { ownFolder, ownUmask } from '../../../platform/process/process-settings.ts'

/** Where and how a worker runs, whatever the primary's own process has become by the time when it starts the worker. */
export interface WorkerSurroundings {
  /** By its name: a link in it is followed by each worker that starts. */
  readonly folder: string
  /** The folder that it was at the start, without links; `null` when it was removed by then. */
  readonly first: string | null
  /** `null`: as it is inherited. */
  readonly umask: number | null
  /** Whether the folder was chosen, so that the worker must not run elsewhere. */
  readonly isChosen: boolean
}

/** Looked at once, when the launch starts: later workers run as the first ones do. */
export function workerSurroundings({ chdir, umask }: LaunchPlan): WorkerSurroundings {
  return {
    folder: chdir ?? ownFolder(),
    first: realFolder(),
    umask: umask ?? ownUmask(),
    isChosen: chdir !== null,
  }
}

/**
 * In the worker, before the app is loaded. A process starts where its flags of Node make sense, and goes on from there. A folder without a name is
 * entered once the threads of the launcher are `started`: Node asks for the folder as it starts one.
 */
export async function enterSurroundings(
  { folder, first, umask, isChosen }: WorkerSurroundings,
  started: Promise<void>,
): Promise<void> {
  if (umask !== null) process.umask(umask)
  try {
    process.chdir(folder)
  } catch (cause) {
    // Removed since: the worker runs where its predecessor did. An app that needs no folder also serves on elsewhere.
    if (codeOf(cause) === 'ENOENT') {
      await started
      if (enterRemoved(first)) return
    }
    if (!isChosen) return
    throw new LaunchError({
      code: 'LOCKSTEP_ERR_FOLDER',
      message: `Can't change to ${folder}: ${messageOf(cause)}.`,
      hint: 'Name a folder with --chdir that exists and that this user may enter.',
      source: 'chdir',
      cause,
    })
  }
}

/** A folder without a name can still be entered through a process that is in it: proc(5), /proc/pid/cwd. False elsewhere than on Linux. */
function enterRemoved(first: string | null): boolean {
  const ofPrimary = `/proc/${process.ppid}/cwd`
  try {
    if (first === null || readlinkSync(ofPrimary) !== `${first} (deleted)`) return false
    process.chdir(ofPrimary)
    return true
  } catch {
    return false
  }
}
