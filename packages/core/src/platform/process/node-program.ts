import { spawnSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { LaunchError } from '../../errors/launch-error.ts'
import { findOnPath } from '../system/find-program.ts'

/** proc(5): the program that this process runs, also when its file was removed or replaced. */
const ownProgram = '/proc/self/exe'

/** What a Node may take to say its version. */
const mostMs = 5_000

/** A host may have set another one for what it starts. */
const isUsual = isOwnProgram(process.execPath)

/**
 * The program of Node for a new process. Usually that is `process.execPath`. When a version manager or an upgrade has removed or replaced that file, it
 * is the program that this process runs, as far as the system still knows it, or else a Node of the same version on PATH. Throws
 * `LOCKSTEP_ERR_INSTALLATION_CHANGED` when there is none.
 */
export function nodeProgram(): string {
  const { execPath } = process
  if (isUsual && !isOwnProgram(execPath) && existsSync(ownProgram)) return ownProgram
  if (existsSync(execPath)) return execPath
  const other = nodeOnPath()
  if (other.path !== null) return other.path
  throw new LaunchError({
    code: 'LOCKSTEP_ERR_INSTALLATION_CHANGED',
    message: `The program of Node, ${execPath}, was removed while this server runs${other.reason}.`,
    hint: `Put Node ${process.versions.node} back, or start the server again.`,
  })
}

/** In a process that was started as `/proc/self/exe`, the system names a file that is gone. What an app starts by `process.execPath` would fail. */
export function nameOwnProgram(): void {
  if (process.execPath.endsWith(' (deleted)') && existsSync(ownProgram)) process.execPath = ownProgram
}

/** Where the system doesn't say, it is taken for ours. */
function isOwnProgram(path: string): boolean {
  try {
    const [own, named] = [statSync(ownProgram), statSync(path, { throwIfNoEntry: false })]
    return own.dev === named?.dev && own.ino === named.ino
  } catch {
    return true
  }
}

function nodeOnPath(): { path: string | null; reason: string } {
  // Root must not run programs of its PATH.
  const path = process.geteuid?.() === 0 ? null : findOnPath('node')
  if (path === null) return { path: null, reason: '' }
  const { stdout } = spawnSync(path, ['--version'], { encoding: 'utf8', timeout: mostMs, windowsHide: true })
  if (stdout?.trim() === process.version) return { path, reason: '' }
  return { path: null, reason: `, and ${path} is not Node ${process.version.slice(1)}` }
}
