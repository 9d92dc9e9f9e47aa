import type { ReplacedWorkers, Supervisor } from '../backends/server-backend.ts'
import { asLaunchError } from '../errors/as-launch-error.ts'
import { type Fault, LaunchError } from '../errors/launch-error.ts'
import { errorInUsersWords } from '../options/sources/in-users-words.ts'
import { changedVariables } from './changed-variables.ts'
import { installSnapshot } from './install-snapshot.ts'
import { readAgain } from './read-again.ts'
import type { ReloadCause, ReloadResult, ReloadScope } from './reload-result.ts'
import {
  assertReloading,
  isAskedFor,
  type ReloadingLaunch,
  refusalOf,
  reloadRefused,
} from './reload-state.ts'

/** Runs a reload and reports it by events. Rejects with a `LaunchError`, and then what was served before is still served. */
export async function runReload(
  launch: ReloadingLaunch,
  { cause, scope }: { cause: ReloadCause; scope: ReloadScope },
): Promise<ReloadResult> {
  const { lifecycle, state, emit } = launch
  if (lifecycle.take('reload').does !== 'act') throw reloadRefused(lifecycle)
  emit({ type: 'reloading', cause })
  const earlier = state.prepared
  try {
    const result = await readAndInstall(launch, { cause, scope })
    state.status = { last: result, failure: null }
    lifecycle.take('reloaded')
    emit({ type: 'reloaded', result })
    return result
  } catch (error) {
    const failure = errorInUsersWords(asLaunchError(error), state.prepared.words)
    // A stop goes first, and what it ends has not failed.
    if (lifecycle.take('reloaded').does === 'act') {
      const { code, message } = failure
      // Code of a configuration file runs when it is asked for: without it, another try would not try the same.
      const isTriable = !(isAskedFor(cause) && state.prepared.config?.isCode)
      if (state.prepared === earlier) state.refusal = isTriable ? refusalOf(failure) : null
      state.status = { ...state.status, failure: { cause, code, message, at: new Date() } }
      emit({ type: 'reload:failed', cause, error: failure, served: state.tls?.leaf ?? null })
    }
    throw failure
  }
}

async function readAndInstall(
  launch: ReloadingLaunch,
  { cause, scope }: { cause: ReloadCause; scope: ReloadScope },
): Promise<ReloadResult> {
  const { server, log, state } = launch
  const started = performance.now()
  const at = new Date()
  const before = state.tls
  const { next, snapshot } = await readAgain(launch, cause).catch((error: unknown) => {
    assertReloading(launch)
    throw error
  })
  assertReloading(launch)
  const changed = isAskedFor(cause) ? changedVariables(state.variablesAtStart, next) : null
  const warnings = [
    ...next.warnings.filter((warning) => !state.prepared.warnings.includes(warning)),
    ...(changed === null ? [] : [changed]),
  ]
  for (const warning of warnings) log.warn(warning)
  const workers = server.workers().filter((worker) => worker.state === 'ready').length
  const { tls } = snapshot
  const acknowledgedMs = tls && before ? await installSnapshot(launch, { next: tls, previous: before }) : 0
  state.prepared = next
  // What fails from here on is the app's: only the owners of the app can retry it.
  state.refusal = null
  const replaced =
    scope === 'all' && server.supervisor ? await replaceWorkers(launch, server.supervisor) : null
  assertReloading(launch)
  return {
    cause,
    scope,
    config: next.config?.taken ?? 'none',
    changed: tls !== null,
    replaced: replaced?.workers ?? 0,
    // The files of a static folder are read for each request.
    appKept: scope === 'all' && replaced === null && next.plan?.app.kind !== 'static',
    warnings,
    before: before?.leaf ?? null,
    after: state.tls?.leaf ?? null,
    sessionsKept: snapshot.sessionsKept,
    workers,
    acknowledgedMs: Math.round(acknowledgedMs),
    verification: tls ? state.verification : null,
    at,
    durationMs: Math.round(performance.now() - started),
  }
}

function replaceWorkers(launch: ReloadingLaunch, supervisor: Supervisor): Promise<ReplacedWorkers> {
  return supervisor.replaceWorkers().catch((error: unknown) => {
    assertReloading(launch)
    const serves = launch.server.workers().some(({ state }) => state === 'ready')
    throw notReloaded(error, { serves })
  })
}

/** What was read is in use by then; only the app was not reloaded. */
function notReloaded(error: unknown, { serves }: { serves: boolean }): LaunchError {
  const outcome = serves
    ? 'A new worker failed, so the old worker keeps serving.'
    : 'A new worker failed, and no worker serves now. It is tried again.'
  return new LaunchError(
    asLaunchError(error).faults.map((fault) => ({
      ...fault,
      message: `${outcome} ${fault.message}`,
    })) as [Fault, ...Fault[]],
  )
}
