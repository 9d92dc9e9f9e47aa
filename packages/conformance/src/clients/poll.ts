import { setTimeout as pause } from 'node:timers/promises'
import { missedDeadline } from './missed-deadline.ts'

/** Asks until the answer holds, with a deadline: for observables that announce nothing. */
export async function poll<Value>(
  ask: () => Value | Promise<Value>,
  {
    until,
    deadlineMs = 8_000,
    what,
  }: { until: (value: Value) => boolean; deadlineMs?: number; what: string },
): Promise<Value> {
  const end = performance.now() + deadlineMs
  for (;;) {
    const value = await ask()
    if (until(value)) return value
    if (performance.now() > end)
      throw missedDeadline(deadlineMs, `${what}; the last answer was ${JSON.stringify(value)}`)
    await pause(25)
  }
}
