import { setTimeout as pause } from 'node:timers/promises'
import { startWatchedLoad } from '../load/watched-load.mjs'

/** Before the reload, so that every worker has answered. */
const beforeMs = 500
/** If no old worker has answered for this long, none will. */
const quietMs = 1_000
const withinMs = 30_000

/** Reloads a server with this many workers while clients send requests, and returns what they saw. The time of a reload that never completes is Infinity. */
export async function reloadOnce(server, workers) {
  const load = startWatchedLoad(server)
  await pause(beforeMs)
  const old = new Set(load.workers.keys())
  const began = load.begin()
  await server.reload()
  const commandMs = performance.now() - began
  const complete = await untilReplaced({ load, old, workers, end: performance.now() + withinMs })
  const { failures, failedOf, ...seen } = await load.stop()
  return { ...seen, ...failedOf, failed: failures.length, commandMs, completeMs: complete - began }
}

async function untilReplaced({ load, old, workers, end }) {
  for (; performance.now() < end; await pause(50)) {
    const seen = [...load.workers]
    const last = Math.max(...seen.filter(([who]) => old.has(who)).map(([, times]) => times.last))
    const fresh = seen.filter(([who]) => !old.has(who)).map(([, times]) => times.first)
    if (fresh.length >= workers && performance.now() - last > quietMs)
      return Math.max(last, ...fresh.toSorted((a, b) => a - b).slice(0, workers))
  }
  return Number.POSITIVE_INFINITY
}
