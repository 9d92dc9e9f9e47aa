import { accessSync, constants, existsSync } from 'node:fs'
import { dirname } from 'node:path'
import type { ErrorCode } from '../../../errors/error-catalog.ts'
import { LaunchError } from '../../../errors/launch-error.ts'
import type { PlannedIdentity } from '../../accounts/identity.ts'
import { isRootOwnedPath } from '../../accounts/root-owned-path.ts'
import { standardStream } from '../../system/line-writer.ts'

/** The logs that a server writes. */
interface WrittenLogs {
  readonly accessLog: { readonly file: string } | null
  readonly https: { readonly keylogFile: string | null }
}

/** What a plan says of the files that its server reads and writes, and of the user who does. */
export interface WrittenFiles extends WrittenLogs {
  readonly runAs: PlannedIdentity | null
  readonly app:
    | { readonly kind: 'memory' | 'command' | 'python' | 'static' }
    | { readonly kind: 'module'; readonly file: string; readonly imports: readonly string[] }
  readonly logsOfStart?: WrittenLogs
}

/** Throws a `LaunchError` for the first file that the user which this process has become cannot read or write, as it must. */
export function checkFiles(plan: WrittenFiles): void {
  const { app, logsOfStart } = plan
  if (app.kind === 'module')
    for (const file of [...app.imports, app.file]) {
      const what = file === app.file ? 'app' : 'import'
      check({ plan, file, code: 'LOCKSTEP_ERR_APP_LOAD', what, option: what, mode: 'read' })
    }
  for (const written of writtenFiles(plan)) check({ plan, ...written, mode: 'written' })
  if (!logsOfStart) return
  // A start, as root, would make those that are missing in a folder of root.
  for (const written of writtenFiles(logsOfStart)) check({ plan, ...written, mode: 'handed over' })
}

/** A file in a folder that this user may not enter would else be called missing. */
function check({
  plan,
  file,
  code,
  what,
  option,
  mode,
}: {
  plan: WrittenFiles
  file: string
  code: ErrorCode
  what: string
  /** The option that names the file. */
  option: 'app' | 'import' | 'accessLog.file' | 'tls.keylog'
  mode: 'read' | 'written' | 'handed over'
}): void {
  try {
    if (mode === 'read') accessSync(file, constants.R_OK)
    else if (existsSync(file)) accessSync(file, constants.W_OK)
    else if (mode === 'handed over' && isRootOwnedPath(dirname(file)))
      accessSync(dirname(file), constants.X_OK)
    else accessSync(dirname(file), constants.W_OK | constants.X_OK)
  } catch (cause) {
    throw new LaunchError({
      code,
      message: `The ${what} ${file} cannot be ${mode === 'read' ? 'read' : 'written'} by user ${plan.runAs?.name ?? plan.runAs?.uid}.`,
      hint: 'Give it to that user with chown, and let the user enter its folder.',
      source: option,
      cause,
    })
  }
}

/** The logs among them that are files. */
export function writtenFiles({ accessLog, https }: WrittenLogs) {
  return [
    {
      file: accessLog?.file ?? null,
      code: 'LOCKSTEP_ERR_LOG_FILE',
      what: 'access log',
      option: 'accessLog.file',
    } as const,
    {
      file: https.keylogFile,
      code: 'LOCKSTEP_ERR_TLS_KEYLOG_FILE',
      what: 'key log',
      option: 'tls.keylog',
    } as const,
  ].flatMap(({ file, ...rest }) =>
    file === null || standardStream(file) !== null ? [] : [{ ...rest, file }],
  )
}
