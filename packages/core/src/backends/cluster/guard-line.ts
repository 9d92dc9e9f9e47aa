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
  const gone = (): void => answered.resolve(null)
  const stopReading = readLines(line, (text) => answered.resolve((JSON.parse(text) as FromGuard).frames))
  line.once('close', gone)
  const late = setTimeout(() => answered.resolve(null), answerMs)
  line.write('\n')
  try {
    return await answered.promise
  } finally {
    clearTimeout(late)
    line.off('close', gone)
    stopReading()
  }
}

/**
 * Calls back for each line. Gives the function that ends it. Not node:readline: its reader makes errors of the line its own, also when it
 * is closed, and nobody hears them there.
 */
export function readLines(line: GuardLine, onLine: (text: string) => void): () => void {
  let begun = ''
  const receive = (chunk: string): void => {
    const [first = '', ...others] = chunk.split('\n')
    const texts = [begun + first, ...others]
    begun = texts.pop() ?? ''
    for (const text of texts) onLine(text)
  }
  line.setEncoding('utf8').on('data', receive)
  return () => void line.off('data', receive)
}
