import { type Fault, LaunchError, throwFaults } from '../errors/launch-error.ts'
import type { Logger } from '../log/logger.ts'
import type { LaunchPlan } from '../plan/launch-plan.ts'
import type { AppendTrouble } from '../platform/files/appended-file.ts'
import { explainOpenError } from '../platform/files/open-log.ts'
import { openSecretLineFile, type SecretLineFile } from '../platform/files/secret-line-file.ts'
import { createLineWriter, type LineWriter } from '../platform/system/line-writer.ts'
import { type AccessRecord, accessLogLine } from './request/access-log-line.ts'

/** Opens the access log and the key log of a server again. Tries both, and throws a `LaunchError` with what failed. */
export async function reopenLogs({
  plan,
  accessLog,
  keylog,
}: {
  plan: LaunchPlan
  accessLog: LineWriter | null
  keylog: SecretLineFile | null
}): Promise<void> {
  const faults: Fault[] = []
  try {
    await accessLog?.reopen()
  } catch (cause) {
    faults.push(
      notOpened({ code: 'LOCKSTEP_ERR_LOG_FILE', what: 'access log', file: plan.accessLog?.file, cause }),
    )
  }
  try {
    keylog?.reopen()
  } catch (cause) {
    faults.push(
      notOpened({
        code: 'LOCKSTEP_ERR_TLS_KEYLOG_FILE',
        what: 'key log',
        file: plan.https.keylogFile,
        cause,
      }),
    )
  }
  throwFaults(faults)
}

/** The access log of a server. */
export interface AccessLog {
  readonly lines: LineWriter
  readonly record: (one: AccessRecord) => void
}

export function openAccessLog(
  { file, format }: NonNullable<LaunchPlan['accessLog']>,
  log: Logger,
): AccessLog {
  const lines = createLineWriter(file, {
    onTrouble: (trouble) => tellTrouble(trouble, { what: 'access log', log }),
  })
  return { lines, record: (one) => lines.write(accessLogLine(one, format)) }
}

/** Throws `LOCKSTEP_ERR_TLS_KEYLOG_FILE`. */
export function openKeylog(file: string, log: Logger): SecretLineFile {
  try {
    return openSecretLineFile(file, {
      onTrouble: (trouble) => tellTrouble(trouble, { what: 'key log', log }),
    })
  } catch (cause) {
    throw new LaunchError(notOpened({ code: 'LOCKSTEP_ERR_TLS_KEYLOG_FILE', what: 'key log', file, cause }))
  }
}

function tellTrouble(trouble: AppendTrouble, { what, log }: { what: string; log: Logger }): void {
  if ('reason' in trouble) log.error(`the ${what} cannot be written: its lines are lost`, trouble)
  else log.warn(`the ${what} is written again`, trouble)
}

function notOpened({
  code,
  what,
  file,
  cause,
}: {
  code: 'LOCKSTEP_ERR_LOG_FILE' | 'LOCKSTEP_ERR_TLS_KEYLOG_FILE'
  what: string
  file: string | null | undefined
  cause: unknown
}): Fault {
  return {
    code,
    message: `Process ${process.pid} can't open the ${what} ${file}: ${explainOpenError(cause)}.`,
    hint: `The user that serves must be able to write to the file, or to create it.${process.platform === 'win32' ? '' : ' With logrotate, `create` does that.'}`,
    cause,
  }
}
