import type { RollResult, RunningServer, Supervisor } from '../backends/server-backend.ts'
import { asLaunchError } from '../errors/as-launch-error.ts'
import { type Fault, LaunchError, throwFaults } from '../errors/launch-error.ts'
import { messageOf } from '../errors/thrown.ts'
import type { LaunchEvent } from '../events/launch-event.ts'
import type { PreparedLaunch } from '../launch/prepare-launch.ts'
import type { Lifecycle, LifecycleState } from '../lifecycle/lifecycle.ts'
import { oneAtATime } from '../lifecycle/one-at-a-time.ts'
import type { Logger } from '../log/logger.ts'
import type { LaunchPlan } from '../plan/launch-plan.ts'
import { nodeCrypto } from '../platform/node/node-crypto.ts'
import type { PlannedTls } from '../tls/planned-tls.ts'
import type { Verification } from '../verify/verification.ts'
import { changedApp, changedAtStart } from './changed-at-start.ts'
import { changedHooks } from './changed-hooks.ts'
import { type NextSnapshot, nextSnapshot } from './next-snapshot.ts'
import type { ReloadCause, ReloadResult, ReloadScope, ReloadStatus } from './reload-result.ts'
import { verifyReload } from './verify-reload.ts'

/** Reads the sources again while a server runs, and puts what has changed to use: one reload at a time. */
export interface Reloader {
  /**
   * Rejects with a `LaunchError`, and then what was served before is served on. A call during a reload starts one more after it,
   * which serves all such calls.
   */
  reload(cause: ReloadCause, scope: ReloadScope): Promise<ReloadResult>
  /**
   * Tries again what was refused last. Says nothing when it is refused for the same reasons, so that it may be called often;
   * otherwise it is a reload like any other. Never rejects.
   */
  retry(): Promise<void>
  /** Of the files as they were read last, whether that was put to use or refused. */
  readonly lastDigest: string
  /** The reload that was refused last and may succeed without being asked for; `null` when there is none. */
  readonly refusal: Refusal | null
  /** New ticket keys for every worker; nothing else changes. Sessions from before are not resumed: Node holds one key. */
  rotateTicketKeys(): Promise<void>
  /** What is served now. */
  readonly tls: PlannedTls | null
  /** The sources as they were last read and put to use. */
  readonly prepared: PreparedLaunch
  /** What the probes saw after the last reload; `null` before the first. */
  readonly verification: Verification | null
  status(): ReloadStatus
}

/** Why new settings are not in use. */
export interface Refusal {
  /** Equal for equal reasons. */
  readonly reasons: string
  /** The time when the fault ends by itself, if it does. */
  readonly until: Date | null
}

export function createReloader({
  prepared: first,
  plan,
  server,
  log,
  lifecycle,
  emit,
}: {
  prepared: PreparedLaunch
  plan: LaunchPlan
  server: RunningServer
  log: Logger
  lifecycle: Lifecycle
  emit(event: LaunchEvent): void
}): Reloader {
  let prepared = first
  let { tls } = plan
  let verification: Verification | null = null
  let status: ReloadStatus = { last: null, failure: null }
  let refusal: Refusal | null = null
  let lastDigest = first.digest

  const goOn = (): void => {
    if (lifecycle.state !== 'reloading') throw refused(lifecycle.state)
  }

  const install = async (next: PlannedTls, previous: PlannedTls): Promise<number> => {
    const started = performance.now()
    await server.reload(next).catch((cause: unknown) => {
      throw notTaken(cause)
    })
    goOn()
    const acknowledgedMs = performance.now() - started
    if (plan.verify) {
      const seen = await verifyReload(server, { ...plan, tls: next })
      goOn()
      if (seen.differences.length > 0) await server.reload(previous)
      throwFaults(seen.differences)
      if (!seen.verification) log.warn('the reload could not be seen from outside: no probe came through')
      verification = seen.verification
    }
    tls = next
    return acknowledgedMs
  }

  const roll = (supervisor: Supervisor): Promise<RollResult> =>
    supervisor.roll().catch((error: unknown) => {
      goOn()
      throw oldServesOn(error)
    })

  /** What the sources say now, if nothing is wrong with it. */
  const readAgain = async (cause: ReloadCause): Promise<{ next: PreparedLaunch; snapshot: NextSnapshot }> => {
    const next = await prepared.again(isAskedFor(cause) ? 'reload' : 'renewal', tls)
    lastDigest = next.digest
    const snapshot = nextSnapshot(tls, next.plan?.tls ?? null)
    throwFaults(
      next.faults.length > 0
        ? next.faults
        : [
            ...changedAtStart(prepared.options, next.options),
            ...changedHooks(prepared.hooks, next.hooks),
            ...changedApp(plan.app, next.plan?.app),
            ...snapshot.faults,
          ],
    )
    return { next, snapshot }
  }

  const readAndInstall = async (cause: ReloadCause, scope: ReloadScope): Promise<ReloadResult> => {
    const started = performance.now()
    const at = new Date()
    const before = tls
    const { next, snapshot } = await readAgain(cause).catch((error: unknown) => {
      goOn()
      throw error
    })
    goOn()
    for (const warning of next.warnings) if (!prepared.warnings.includes(warning)) log.warn(warning)
    const workers = server.workers().filter(({ state }) => state === 'ready').length
    const acknowledgedMs = snapshot.tls && before ? await install(snapshot.tls, before) : 0
    prepared = next
    // What fails from here on is the app's: only the owners of the app can retry it.
    refusal = null
    const rolled = scope === 'all' && server.supervisor ? await roll(server.supervisor) : null
    goOn()
    return {
      cause,
      scope,
      config: next.config?.taken ?? 'none',
      changed: snapshot.tls !== null,
      replaced: rolled?.workers ?? 0,
      before: before?.leaf ?? null,
      after: tls?.leaf ?? null,
      sessionsKept: snapshot.sessionsKept,
      workers,
      acknowledgedMs: Math.round(acknowledgedMs),
      verification: snapshot.tls ? verification : null,
      at,
      durationMs: Math.round(performance.now() - started),
    }
  }

  const run = async (cause: ReloadCause, scope: ReloadScope): Promise<ReloadResult> => {
    if (lifecycle.take('reload').does !== 'act') throw refused(lifecycle.state)
    emit({ type: 'reloading', cause })
    const earlier = prepared
    try {
      const result = await readAndInstall(cause, scope)
      status = { last: result, failure: null }
      lifecycle.take('reloaded')
      emit({ type: 'reloaded', result })
      return result
    } catch (error) {
      const failure = asLaunchError(error)
      // A stop goes first, and what it ends has not failed.
      if (lifecycle.take('reloaded').does === 'act') {
        const { code, message } = failure
        // Code of a configuration file runs when it is asked for: without it, another try would not try the same.
        const isTriable = !(isAskedFor(cause) && prepared.config?.isCode)
        if (prepared === earlier) refusal = isTriable ? refusalOf(failure) : null
        status = { ...status, failure: { cause, code, message, at: new Date() } }
        emit({ type: 'reload:failed', cause, error: failure, served: tls?.leaf ?? null })
      }
      throw failure
    }
  }

  const afterOthers = oneAtATime()
  /** The reload that all callers meanwhile share. It does as much as any of them wants. */
  let waiting = null as WaitingReload | null
  return {
    reload(cause, scope) {
      if (waiting) {
        if (scope === 'all') waiting.scope = scope
        return waiting.result
      }
      const mine: WaitingReload = {
        scope,
        result: afterOthers(() => {
          waiting = null
          return run(cause, mine.scope)
        }),
      }
      waiting = mine
      return mine.result
    },
    retry: () =>
      afterOthers(async () => {
        if (refusal === null || lifecycle.state !== 'ready') return
        const again = await readAgain('retry').then(
          () => null,
          (error: unknown) => refusalOf(asLaunchError(error)),
        )
        // What was refused when it was in use is not seen before it is in use again.
        if (again?.reasons === refusal.reasons) return
        await run('retry', 'tls').catch(() => undefined)
      }),
    get lastDigest() {
      return lastDigest
    },
    get refusal() {
      return refusal
    },
    rotateTicketKeys: () =>
      afterOthers(async () => {
        if (!tls || lifecycle.state !== 'ready') return
        const next = { ...tls, ticketKeys: nodeCrypto().randomBytes(48) }
        await server.reload(next)
        tls = next
        log.debug('ticket keys rotated')
      }),
    get tls() {
      return tls
    },
    get prepared() {
      return prepared
    },
    get verification() {
      return verification
    },
    status: () => status,
  }
}

function refusalOf({ faults }: LaunchError): Refusal {
  const dates = faults.flatMap(({ until }) => (until ? [until.getTime()] : []))
  return {
    reasons: faults.map(({ code, message }) => `${code} ${message}`).join('\n'),
    until: dates.length === 0 ? null : new Date(Math.min(...dates)),
  }
}

/** The launcher follows certificates by itself, too. */
function isAskedFor(cause: ReloadCause): boolean {
  return cause === 'api' || cause === 'signal' || cause === 'verb'
}

interface WaitingReload {
  scope: ReloadScope
  readonly result: Promise<ReloadResult>
}

function refused(state: LifecycleState): LaunchError {
  return new LaunchError({
    code: 'ERR_RELOAD_REFUSED',
    message: `The server cannot reload now: it is ${state}.`,
    hint: 'A server reloads between its start and its stop.',
  })
}

/** What was read is in use by then; only the app was not reloaded. */
function oldServesOn(error: unknown): LaunchError {
  return new LaunchError(
    asLaunchError(error).faults.map((fault) => ({
      ...fault,
      message: `A new worker failed, so the old one of its place serves on. ${fault.message}`,
    })) as [Fault, ...Fault[]],
  )
}

function notTaken(cause: unknown): LaunchError {
  return new LaunchError({
    code: 'ERR_RELOAD_FAILED',
    message: `The new settings could not be taken up: ${messageOf(cause)}`,
    hint: 'Every worker serves what it served before.',
    cause,
  })
}
