import { constants, type Stats } from 'node:fs'
import { dirname } from 'node:path'
import { whyFileFails } from '../../errors/file-error.ts'
import { codeOf } from '../../errors/thrown.ts'
import { isRootOwnedPath } from '../accounts/root-owned-path.ts'
import { kindOfFile } from './kind-of-file.ts'

/**
 * How a file is opened to which lines are appended. Without O_NONBLOCK, `open(2)` of a FIFO waits for a reader, and a write to one
 * waits for room: Node then can't even exit, since it waits for its thread pool. With it, they fail with ENXIO and EAGAIN. Regular files
 * don't change by it. Windows has none of these flags.
 */
export function appendFlags(file: string): number {
  const { O_WRONLY, O_APPEND, O_CREAT } = constants
  const flags = O_WRONLY | O_APPEND | O_CREAT | (constants.O_NONBLOCK ?? 0)
  return isRiskyLink(file) ? flags | constants.O_NOFOLLOW : flags
}

/** Whether a link under this path could be another user's, who would so choose what root writes to. */
export function isRiskyLink(file: string): boolean {
  return process.geteuid?.() === 0 && !isRootOwnedPath(dirname(file))
}

/** Why a file of this kind can't hold the lines of a log; `null` when it can. */
export function obstacleOfKind(found: Stats, { onlyRegular }: { onlyRegular: boolean }): string | null {
  const kind = kindOfFile(found)
  const isStream = found.isFIFO() || found.isCharacterDevice()
  return kind === null || (isStream && !onlyRegular) ? null : `it is ${kind}`
}

/** What the system says about a log that can't be opened, with the cause where the code alone does not help. */
export function explainOpenError(error: unknown): string {
  const code = codeOf(error)
  if (code === 'ENXIO') return 'it is a FIFO or a socket, and no process reads it'
  if (code === 'ELOOP') return 'it is a symbolic link in a folder that another user can change'
  return whyFileFails(error)
}
