import {
  currentFolder,
  exitCodes,
  keepAppSignals,
  LaunchError,
  type LaunchHandle,
  type PreparedLaunch,
  releaseStartMemory,
  startLaunch,
  surviveStalledOutput,
  throwFaults,
  watchSignals,
} from '@lockstep/core/internal'
import type { Command, CommandLine, Output } from '../command.ts'
import { prepareFromLine, sourceFlags } from '../prepare.ts'
import { watchEarlyExit } from '../watch-early-exit.ts'
import { renderBanner } from './banner.ts'
import { lacksTrust } from './lacks-trust.ts'
import { renderReadyLine } from './ready-line.ts'

export const runCommand: Command = {
  name: 'run',
  summary: 'Start an app. The default command.',
  positionals: ['[APP]'],
  flags: sourceFlags,
  takesOptions: true,
  run: (line, output) => runLaunch((signal) => prepareFromLine(line, { signal }), { line, output }),
}

/** Starts what was prepared, shows that it is ready, passes signals on, and resolves with the exit code once the server has stopped. */
export async function runLaunch(
  prepare: (giveUp: AbortSignal) => Promise<PreparedLaunch>,
  { line: { brand, report }, output }: { line: CommandLine; output: Output },
): Promise<number> {
  // A stop always ends, also when the reader of the output has stalled.
  output.limitPatience?.(1_000)
  if (output.ownsProcess === true) surviveStalledOutput()
  const started = performance.now()
  const directory = currentFolder()
  const giveUp = new AbortController()
  let handle: LaunchHandle | undefined
  let stops = 0
  let stopSignal: NodeJS.Signals | undefined
  let reloadAsked = false
  const reload = (): void => {
    // What came of it is in the log.
    if (handle) void handle.reload({ cause: 'signal' }).catch(() => undefined)
    else reloadAsked = true
  }
  const scale = (change: '+1' | '-1'): void => {
    // What came of it is in the log, as for any other change.
    void handle?.scale(change).catch(report.noticed)
  }
  const endedEarly = (): number => (stops > 1 ? exitCodes.forced : exitCodes.ok).number
  const appSignals = output.ownsProcess === true ? keepAppSignals() : undefined
  // The exit code of a stop is that of the launcher, also when a listener of the app ends the process.
  if (appSignals)
    process.once('exit', () => {
      if (appSignals.isEnding) process.exitCode = endedEarly()
    })
  const unwatch = watchSignals((intent, signal) => {
    switch (intent) {
      case 'reload':
        return reload()
      case 'reopen-logs':
        // What came of it is in the log. Before there is a handle, no log is open.
        return void handle?.reopenLogs().catch(() => undefined)
      case 'scale-up':
        return scale('+1')
      case 'scale-down':
        return scale('-1')
      case 'stop':
        stops += 1
        giveUp.abort()
        stopSignal ??= signal
        void handle?.escalateStop({ signal })
    }
  })
  try {
    const prepared = await prepare(giveUp.signal)
    throwFaults(prepared.faults)
    {
      using _watch = watchEarlyExit(report, 'app')
      handle = await startLaunch(prepared, {
        signal: giveUp.signal,
        control: true,
        ...(appSignals && { appSignals }),
      })
    }
    // A signal that came while the launch resolved found no handle to stop.
    if (giveUp.signal.aborted) void handle.escalateStop(stopSignal && { signal: stopSignal })
    else {
      const status = handle.status()
      const facts = {
        handle,
        status,
        product: brand?.name ?? null,
        app: prepared.plan?.app ?? null,
        directory,
        readyMs: Math.round(performance.now() - started),
        keylogFile: prepared.plan?.https.keylogFile ?? null,
        isTrustMissing: prepared.options['tls.selfSigned'].value === true && (await lacksTrust(status)),
      }
      const isJson = report.asJson || prepared.options['log.format'].value === 'json'
      output.out(isJson ? renderReadyLine(facts) : renderBanner(facts))
      if (reloadAsked) reload()
      if (facts.status.backend === 'cluster') releaseStartMemory()
    }
    const { error } = await handle.stopped
    if (error) throw error
    return endedEarly()
  } catch (error) {
    // A stop before the launch is ready is what the user asked for, not a failure.
    if (error instanceof LaunchError && error.code === 'LOCKSTEP_ERR_STOPPED') return endedEarly()
    throw error
  } finally {
    // In a process of its own they stay: one more Ctrl-C at the very end must not take the exit code away.
    if (!appSignals) unwatch()
  }
}
