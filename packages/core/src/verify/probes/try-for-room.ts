import { setTimeout as delay } from 'node:timers/promises'

/** Within this time a server has noticed that a connection of ours has ended, and no longer counts it. */
const roomWithinMs = 300
const retryAfterMs = 20

/**
 * Repeats an attempt for a moment while the server keeps it out. A server that limits connections may still count the connection of the
 * attempt before.
 */
export async function tryForRoom<Attempt>(
  attempt: () => Promise<Attempt>,
  isKeptOut: (seen: Attempt) => boolean,
): Promise<Attempt> {
  const lastMs = performance.now() + roomWithinMs
  for (;;) {
    const seen = await attempt()
    if (!isKeptOut(seen) || performance.now() > lastMs) return seen
    await delay(retryAfterMs)
  }
}
