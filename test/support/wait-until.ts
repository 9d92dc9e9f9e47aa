import { setTimeout as pause } from 'node:timers/promises'

/** Polls a condition until it is true, with a deadline. Only for conditions without an event to wait for. */
export async function waitUntil(
  holds: () => boolean | Promise<boolean>,
  { deadlineMs = 10_000, what }: { deadlineMs?: number; what: string | (() => string) },
): Promise<void> {
  const end = performance.now() + deadlineMs
  while (!(await holds())) {
    if (performance.now() > end)
      throw new Error(`waited ${deadlineMs} ms for ${typeof what === 'string' ? what : what()}`)
    await pause(20)
  }
}
