import { asLaunchError } from '../errors/as-launch-error.ts'
import type { PreparedLaunch } from '../launch/prepare-launch.ts'
import { oneAtATime } from '../lifecycle/one-at-a-time.ts'
import { nodeCrypto } from '../platform/node/node-crypto.ts'
import type { PlannedTls } from '../tls/planned-tls.ts'
import type { Verification } from '../verify/verification.ts'
import { readAgain } from './read-again.ts'
import type { ReloadCause, ReloadResult, ReloadScope, ReloadStatus } from './reload-result.ts'
import { type Refusal, type ReloadingLaunch, type ReloadState, refusalOf } from './reload-state.ts'
import { runReload } from './run-reload.ts'

/** Reads the sources again while a server runs, and puts what has changed to use: one reload at a time. */
export interface Reloader {
  /**
   * Rejects with a `LaunchError`, and then what was served before stays in use. A call during a reload starts one more after it,
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

export function createReloader({
  prepared,
  ...running
}: Omit<ReloadingLaunch, 'state'> & { readonly prepared: PreparedLaunch }): Reloader {
  const state: ReloadState = {
    prepared,
    variablesAtStart: prepared.variables,
    tls: running.plan.tls,
    verification: null,
    status: { last: null, failure: null },
    refusal: null,
    lastDigest: prepared.digest,
  }
  const launch = { ...running, state }
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
          return runReload(launch, { cause, scope: mine.scope })
        }),
      }
      waiting = mine
      return mine.result
    },
    retry: () => afterOthers(() => tryRefusedAgain(launch)),
    rotateTicketKeys: () => afterOthers(() => rotateTicketKeys(launch)),
    get lastDigest() {
      return state.lastDigest
    },
    get refusal() {
      return state.refusal
    },
    get tls() {
      return state.tls
    },
    get prepared() {
      return state.prepared
    },
    get verification() {
      return state.verification
    },
    status: () => state.status,
  }
}

interface WaitingReload {
  scope: ReloadScope
  readonly result: Promise<ReloadResult>
}

async function tryRefusedAgain(launch: ReloadingLaunch): Promise<void> {
  const { refusal } = launch.state
  if (refusal === null || launch.lifecycle.state !== 'ready') return
  const again = await readAgain(launch, 'retry').then(
    () => null,
    (error: unknown) => refusalOf(asLaunchError(error)),
  )
  // What was refused when it was in use is not seen before it is in use again.
  if (again?.reasons === refusal.reasons) return
  await runReload(launch, { cause: 'retry', scope: 'tls' }).catch(() => undefined)
}

async function rotateTicketKeys({ server, log, lifecycle, state }: ReloadingLaunch): Promise<void> {
  if (!state.tls || lifecycle.state !== 'ready') return
  const next = { ...state.tls, ticketKeys: nodeCrypto().randomBytes(48) }
  await server.applyTls(next)
  state.tls = next
  log.debug('ticket keys rotated')
}
