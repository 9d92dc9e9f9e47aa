import { createInterface } from 'node:readline'
import type { Duplex } from 'node:stream'

/** The line to the guard of a worker: a pipe beside the channel for messages, which needs the worker's event loop. */
export type GuardLine = Duplex

export interface FromGuard {
  /** `null`: the worker did not come to a point where it could be looked at. */
  readonly frames: readonly string[] | null
}

/** A guard has its own limit for the look; this is for one that can't answer, as when its process is stopped. */
const answerMs = 2_000

/** The question is an empty line. Resolves with `null` when no answer comes in time. */
export async function askForStack(line: GuardLine): Promise<readonly string[] | null> {
  const answered = Promise.withResolvers<readonly string[] | null>()
  const reader = createInterface({ input: line })
  reader.once('line', (text) => answered.resolve((JSON.parse(text) as FromGuard).frames))
  reader.once('close', () => answered.resolve(null))
  const late = setTimeout(() => answered.resolve(null), answerMs)
  line.write('\n')
  try {
    return await answered.promise
  } finally {
    clearTimeout(late)
    reader.removeAllListeners()
    reader.close()
  }
}
