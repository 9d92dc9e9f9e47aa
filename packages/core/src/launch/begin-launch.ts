import type { AppSignals } from '../app/app-signals.ts'
import { stoppedInBoot } from '../app/load-app.ts'
import { createEventHub, type EventHub } from '../events/event-hub.ts'
import { logEvent } from '../events/log-events.ts'
import { type HookRunner, runHooks } from '../hooks/run-hooks.ts'
import { createLifecycle, type Lifecycle } from '../lifecycle/lifecycle.ts'
import { createLogger, type Logger } from '../log/logger.ts'
import type { LaunchPlan } from '../plan/launch-plan.ts'
import { nodeCrypto } from '../platform/node/node-crypto.ts'
import type { BackendChoice } from '../preflight/backend-choice.ts'
import type { LaunchEventListener } from './launch-handle.ts'
import type { PreparedLaunch } from './prepare-launch.ts'

/** What every step of a start uses. */
export interface BegunLaunch {
  readonly prepared: PreparedLaunch
  readonly plan: LaunchPlan
  readonly choice: BackendChoice
  readonly startedAt: Date
  readonly signal: AbortSignal
  /** Set when this process belongs to the launcher, as under the command line. */
  readonly appSignals: AppSignals | undefined
  readonly events: EventHub
  readonly log: Logger
  readonly hooks: HookRunner
  readonly lifecycle: Lifecycle
}

/** Connects the log, the listener and the hooks with the events of a launch. Changes nothing outside of it. */
export function beginLaunch(
  prepared: PreparedLaunch,
  {
    signal,
    appSignals,
    onEvent,
  }: {
    signal: AbortSignal
    appSignals: AppSignals | undefined
    onEvent: LaunchEventListener | undefined
  },
): BegunLaunch {
  const { plan: planned, choice, warnings } = prepared
  if (!planned || !choice) throw new TypeError('a launch that has faults cannot be started')
  const plan = withProbeSecret(planned)
  // A launch that was given up already must call nothing of the host's.
  if (signal.aborted) throw stoppedInBoot()
  const startedAt = new Date()
  const events = createEventHub()
  const { name } = choice.backend
  const log = createLogger(plan.log, { name: plan.name, process: name === 'cluster' ? 'primary' : name })
  events.onAny((event) => logEvent(event, log))
  if (onEvent) events.onAny(onEvent)
  const hooks = runHooks(prepared.hooks, { timeouts: plan.timeouts, log })
  events.onAny(hooks.onEvent)
  for (const warning of warnings) log.warn(warning)
  const lifecycle = createLifecycle()
  return { prepared, plan, choice, startedAt, signal, appSignals, events, log, hooks, lifecycle }
}

/** A backend can lose an export alone: without a named one, nothing is asked, and `node:crypto` stays unloaded. */
function withProbeSecret(plan: LaunchPlan): LaunchPlan {
  const asks = plan.verify && plan.app.kind === 'module' && plan.app.exportName !== null
  return asks ? Object.freeze({ ...plan, probeSecret: nodeCrypto().randomUUID() }) : plan
}
