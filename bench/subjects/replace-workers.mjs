import { setTimeout as pause } from 'node:timers/promises'
import { childrenOf } from './process-tree.mjs'
import { firstAnswer } from './start-process.mjs'

const withinMs = 60_000

/**
 * Makes a server replace its workers, by a signal, and waits until each that was there before has ended, as many others are there, and one of
 * them answers. For servers that don't report themselves when they have finished.
 */
export async function replaceWorkers(server, signal) {
  const before = childrenOf(server.pid)
  const began = performance.now()
  process.kill(server.pid, signal)
  while (!isReplaced(before, childrenOf(server.pid))) {
    if (performance.now() - began > withinMs)
      throw new Error(
        `after ${withinMs} ms not all workers are replaced: ${before} by ${childrenOf(server.pid)}`,
      )
    await pause(5)
  }
  await firstAnswer(server)
  return { durationMs: performance.now() - began }
}

function isReplaced(before, now) {
  return now.length >= before.length && now.every((pid) => !before.includes(pid))
}
