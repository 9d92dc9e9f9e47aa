import type { Socket } from 'node:net'
import { BoundedLines } from './bounded-lines.ts'
import { printable } from './printable.ts'

/** The line to the guard of a worker: a separate pipe, because the guard answers even if the worker's event loop is blocked. */
export type GuardLine = Socket

/** What the guard is asked: a number, which comes back with its answer. */
export interface FromGuard {
  readonly question: number
  /** `null`: the worker did not come to a point where it could be looked at. */
  readonly frames: readonly string[] | null
}

/** A guard has its own limit for the look; this is for one that can't answer, as when its process is stopped. */
const answerMs = 2_000
/** The worker may write to this pipe too. More than this is never read for one question. */
const mostBytes = 1_024 * 1_024
const longestLine = 65_536
const mostFrames = 50
const longestFrame = 1_000

let questions = 0

/** Resolves with `null` when no answer comes in time, or something else than an answer. */
export async function askForStack(line: GuardLine): Promise<readonly string[] | null> {
  questions += 1
  const question = questions
  const answered = Promise.withResolvers<readonly string[] | null>()
  const nothing = (): void => answered.resolve(null)
  const lines = new BoundedLines({ longest: longestLine })
  let left = mostBytes
  const receive = (bytes: Buffer): void => {
    left -= bytes.length
    try {
      for (const text of lines.push(bytes)) {
        const answer = readAnswer(text)
        if (answer?.question === question) answered.resolve(answer.frames)
      }
    } catch {
      nothing()
    }
    if (left < 0) nothing()
  }
  // A listener alone does not start a stream again that the question before has paused.
  line.on('data', receive).resume()
  line.once('close', nothing)
  const late = setTimeout(nothing, answerMs)
  line.write(`${question}\n`)
  try {
    return await answered.promise
  } finally {
    clearTimeout(late)
    line.off('close', nothing)
    line.off('data', receive)
    // Nothing is read while nothing is asked.
    line.pause()
  }
}

/** `null` for a line that is not an answer: the guard itself writes nothing else, but its whole process can. */
export function readAnswer(text: string): FromGuard | null {
  const value = parse(text)
  if (typeof value !== 'object' || value === null || !('question' in value) || !('frames' in value))
    return null
  const { question, frames } = value
  if (typeof question !== 'number') return null
  if (frames === null) return { question, frames }
  if (!Array.isArray(frames) || !frames.every((frame) => typeof frame === 'string')) return null
  return {
    question,
    frames: frames.slice(0, mostFrames).map((frame) => printable(frame.slice(0, longestFrame))),
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
