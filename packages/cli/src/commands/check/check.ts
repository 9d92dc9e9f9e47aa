import {
  expiryWarning,
  inUsersWords,
  standardStream,
  startLaunch,
  statIfReachable,
  throwFaults,
  tryAddresses,
} from '@lockstep/core/internal'
import { resultJson } from '../../json/write-json.ts'
import type { Command } from '../command.ts'
import { execFlag, prepareFromLine, sourceFlags } from '../prepare.ts'
import { watchEarlyExit } from '../watch-early-exit.ts'
import { renderChecks } from './render-checks.ts'

export const checkCommand: Command = {
  name: 'check',
  summary: 'Check all options, load the app and test its TLS on a temporary port, without serving.',
  positionals: ['[APP]'],
  flags: { ...sourceFlags, ...execFlag },
  takesOptions: true,
  async run(line, output) {
    const prepared = await prepareFromLine(line, { tryToBind: false })
    throwFaults(prepared.faults)
    if (!prepared.plan) throw new TypeError('no fault and no plan')
    const bindFaults = (await tryAddresses([...prepared.plan.addresses, ...prepared.plan.https.redirect]))
      .flatMap(({ faults }) => faults)
      .map((fault) => inUsersWords(fault, prepared.words))
    // A check may run beside the server itself. That the server holds the port is reported, but it is not a fault.
    const inUse = bindFaults.filter(({ code }) => code === 'LOCKSTEP_ERR_ADDRESS_IN_USE')
    throwFaults(bindFaults.filter((fault) => !inUse.includes(fault)))
    // A rehearsal on a private port, with one worker, that leaves no trace: no PID file, no access log, no control socket, no hooks, no announcement.
    const { accessLog, https } = prepared.plan
    const rehearsal = {
      ...prepared.plan,
      logsOfStart: { accessLog, https: { keylogFile: https.keylogFile } },
      addresses: [{ kind: 'tcp', host: '127.0.0.1', port: 0, mayMove: false }] as const,
      userSetAddress: ['bind'] as const,
      https: {
        ...https,
        keylogFile: null,
        redirect: https.redirect.map(
          () => ({ kind: 'tcp', host: '127.0.0.1', port: 0, mayMove: false }) as const,
        ),
      },
      args: prepared.plan.args ?? [],
      workers: 1,
      isRehearsal: true as const,
      pidFile: null,
      accessLog: null,
      verify: true,
      control: false,
      log: { ...prepared.plan.log, level: 'error' } as const,
    }
    using _watch = watchEarlyExit(line.report, 'app')
    await using handle = await startLaunch({ ...prepared, plan: rehearsal, hooks: {}, warnings: [] })
    const warnings = [
      ...prepared.warnings,
      ...prepared.expiring.map((leaf) => expiryWarning(leaf, prepared.now())),
      ...inUse.map(({ message }) => `${message} A start would fail now.`),
      ...fifoWarnings(accessLog?.file ?? null),
    ]
    const { backend, reason } = handle.status()
    const { verification } = handle
    output.out(
      line.report.asJson
        ? resultJson('check', { backend, reason, verification, warnings })
        : renderChecks(handle, warnings),
    )
    return 0
  },
}

/** A check can't look for the reader: opening a FIFO and closing it again would show that reader the end of the log. */
function fifoWarnings(file: string | null): string[] {
  if (file === null || standardStream(file) !== null) return []
  return statIfReachable(file)?.isFIFO()
    ? [`The access log ${file} is a FIFO. A start fails if no process reads it, which a check can't see.`]
    : []
}
