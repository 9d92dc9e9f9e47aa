import { stoppedInBoot } from '../app/load-app.ts'
import type { StopUrgency } from '../backends/server-backend.ts'
import { LaunchError } from '../errors/launch-error.ts'
import { stackHint } from '../errors/stack-hint.ts'
import { messageOf, stackOf } from '../errors/thrown.ts'
import type { LaunchEvent } from '../events/launch-event.ts'
import type { Logger } from '../log/logger.ts'
import { formatDuration } from '../options/kinds/duration.ts'
import type { LaunchPlan } from '../plan/launch-plan.ts'
import { unlessAborted, within } from '../platform/system/within.ts'
import type { LaunchFacts, LaunchHooks } from './launch-hooks.ts'

/** The hooks of one launch, as the launcher calls them. */
export interface HookRunner {
  /** Rejects with `LOCKSTEP_ERR_HOOK_BEFORE_START` when the hook throws or is too late, and with `LOCKSTEP_ERR_STOPPED` when the launch is given up. */
  beforeStart(facts: LaunchFacts, signal: AbortSignal): Promise<void>
  onEvent(event: LaunchEvent): void
  /** Calls the hook once. Resolves when it has succeeded, failed or timed out, or when a later call is more urgent. `null` if there is no hook. */
  readonly beforeStop: ((urgency: StopUrgency) => Promise<void>) | null
}

export function runHooks(
  hooks: LaunchHooks,
  { timeouts, log }: { timeouts: Pick<LaunchPlan['timeouts'], 'bootMs' | 'gracefulMs'>; log: Logger },
): HookRunner {
  const complain = (name: keyof LaunchHooks, cause: unknown): void =>
    log.error(`the hook ${name} failed`, {
      stack: stackOf(cause),
    })
  const tell = (name: 'workerReady' | 'workerExit', call: () => unknown): void =>
    void settled(call).catch((cause: unknown) => complain(name, cause))
  const skipped = Promise.withResolvers<'skipped'>()
  let stopping: Promise<void> | undefined

  const { beforeStop } = hooks
  const stop = async (urgency: StopUrgency): Promise<void> => {
    const ended = settled(() => beforeStop?.({ urgency, force: urgency !== 'graceful' })).then(
      () => 'ended' as const,
      (cause: unknown) => {
        complain('beforeStop', cause)
        return 'ended' as const
      },
    )
    const how = await within(Promise.race([ended, skipped.promise]), timeouts.gracefulMs)
    if (how === 'late') log.warn('the hook beforeStop did not end in time', { limitMs: timeouts.gracefulMs })
  }

  return {
    async beforeStart(facts, signal) {
      const { beforeStart } = hooks
      if (!beforeStart) return
      if (signal.aborted) throw stoppedInBoot()
      const ended = settled(() => beforeStart(facts)).catch((cause: unknown) => {
        throw refusedByHook(cause)
      })
      const unlessGivenUp = unlessAborted(ended, { signal, reason: stoppedInBoot })
      if ((await within(unlessGivenUp, timeouts.bootMs)) === 'late') throw hookIsLate(timeouts.bootMs)
    },
    onEvent({ type, ...facts }) {
      const { workerReady, workerExit } = hooks
      if (type === 'worker:ready') tell('workerReady', () => workerReady?.(facts as Told<typeof workerReady>))
      if (type === 'worker:exited') tell('workerExit', () => workerExit?.(facts as Told<typeof workerExit>))
    },
    beforeStop: beforeStop
      ? async (urgency) => {
          if (urgency !== 'graceful') skipped.resolve('skipped')
          stopping ??= stop(urgency)
          await stopping
        }
      : null,
  }
}

type Told<Hook extends ((facts: never) => unknown) | undefined> = Parameters<NonNullable<Hook>>[0]

/** Also what is thrown at once becomes a rejection. */
async function settled(call: () => unknown): Promise<void> {
  await call()
}

function refusedByHook(cause: unknown): LaunchError {
  const said = messageOf(cause)
  return new LaunchError({
    code: 'LOCKSTEP_ERR_HOOK_BEFORE_START',
    message: `The hook beforeStart refuses the launch: ${said.replace(/[.!?]?\s*$/, '.')}`,
    hint: `Nothing was started. ${stackHint(cause, '')}`.trim(),
    cause,
  })
}

function hookIsLate(limitMs: number): LaunchError {
  return new LaunchError({
    code: 'LOCKSTEP_ERR_HOOK_BEFORE_START',
    message: `The hook beforeStart did not end within ${formatDuration(limitMs)}.`,
    hint: 'Raise --boot-timeout, or look for what it waits for.',
  })
}
