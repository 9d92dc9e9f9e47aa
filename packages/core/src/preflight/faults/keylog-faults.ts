import type { Fault } from '../../errors/launch-error.ts'
import type { ResolvedOptions } from '../../options/resolve-options.ts'
import { belongsToAnother } from '../../platform/accounts/file-owner.ts'
import { writeFaults } from './file-faults.ts'

/** A key log makes all connections readable, so it must be asked for where everyone sees it. */
export function keylogFaults(
  { 'tls.keylog': { value, source } }: ResolvedOptions,
  { servedBy }: { servedBy: number | null },
): Fault[] {
  if (value === null) return []
  const isSeen = source.kind === 'argv' || source.kind === 'api'
  return [
    ...(isSeen
      ? []
      : [
          {
            code: 'LOCKSTEP_ERR_TLS_KEYLOG_HIDDEN',
            message: `The key log ${value} would expose the secrets of every connection, and ${source.label} is not where one sees it.`,
            hint: 'Give it as the flag --tls-keylog, or in the call of launch().',
            source: source.label,
          } as const,
        ]),
    ...writeFaults({
      code: 'LOCKSTEP_ERR_TLS_KEYLOG_FILE',
      what: 'key log',
      file: value,
      source: source.label,
      onlyRegular: true,
    }),
    ...(belongsToAnother(value, { beside: servedBy })
      ? [
          {
            code: 'LOCKSTEP_ERR_TLS_KEYLOG_FILE',
            message: `The key log ${value} belongs to another user, who could read it.`,
            hint: 'Remove it, or name another file.',
            source: source.label,
          } as const,
        ]
      : []),
  ]
}

/** For the log and the banner. */
export function keylogWarnings({ 'tls.keylog': { value } }: ResolvedOptions): string[] {
  return value === null
    ? []
    : [`The secrets of every TLS connection go to ${value}: anyone who reads it can read the traffic.`]
}
