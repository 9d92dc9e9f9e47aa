import { accessSync, closeSync, constants, fchownSync, openSync } from 'node:fs'
import { LaunchError } from '../errors/launch-error.ts'
import type { LaunchPlan } from '../plan/launch-plan.ts'

/**
 * Makes the files that are still missing for the user who will write them, while this process is root. A file that exists is left
 * alone: in a folder of that user it could be a link to any file of the system.
 */
export function handOverFiles(plan: LaunchPlan): void {
  if (!plan.runAs) return
  for (const { file } of writtenFiles(plan)) {
    const descriptor = makeIfMissing(file)
    if (descriptor === null) continue
    fchownSync(descriptor, plan.runAs.uid, plan.runAs.gid)
    closeSync(descriptor)
  }
}

/** Throws for each file that the user which this process has become can not write. */
export function checkFiles(plan: LaunchPlan): void {
  for (const { file, code, what } of writtenFiles(plan)) {
    try {
      accessSync(file, constants.W_OK)
    } catch (cause) {
      throw new LaunchError({
        code,
        message: `The ${what} ${file} can not be written by user ${plan.runAs?.name ?? plan.runAs?.uid}.`,
        hint: 'Give it to that user with chown, and let the user enter its folder.',
        source: 'user',
        cause,
      })
    }
  }
}

function writtenFiles({ accessLog, https }: LaunchPlan) {
  return [
    { file: accessLog?.file ?? null, code: 'ERR_LOG_FILE', what: 'access log' } as const,
    { file: https.keylogFile, code: 'ERR_TLS_KEYLOG_FILE', what: 'key log' } as const,
  ].flatMap(({ file, ...rest }) => (file === null || file === '-' ? [] : [{ ...rest, file }]))
}

/** Only its new owner reads it. */
function makeIfMissing(file: string): number | null {
  try {
    return openSync(file, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return null
    throw error
  }
}
