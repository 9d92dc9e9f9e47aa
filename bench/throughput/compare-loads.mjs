import { untilWorkersAnswer } from '../load/answering-workers.mjs'
import { wrk } from '../load/wrk.mjs'
import { compare } from '../measuring/compare.mjs'
import { processorMs } from '../measuring/processor-time.mjs'
import { startBoth } from '../subjects/start-both.mjs'

const clients = 32

/**
 * Puts each subject under each load, and gives for each load what `compare` makes of it: `perSecond`, `p99Ms`, `processorUs` of the server for
 * a request, and `failed`. All servers are up all the time; those that are not asked have nothing to do. A load may have its own `rounds`.
 * `warmUp` tells whether each is warmed up before each load, or once.
 */
export async function compareLoads(
  subjects,
  loads,
  { rounds, most, settings = {}, cores = null, warmUp = 'each load' },
) {
  await using stack = new AsyncDisposableStack()
  const started = []
  for (const subject of subjects)
    started.push(stack.use(await startBoth(subject, { ...settings, core: cores?.server ?? null })))
  for (const server of started) await allWorkersAnswer(server, settings)
  const results = []
  for (const [index, load] of loads.entries()) {
    const ask = ({ servers }, seconds) =>
      underLoad(servers[load.tls ? 'https' : 'http'], load, { seconds, cores })
    if (warmUp === 'each load' || index === 0) for (const server of started) await ask(server, 1)
    const measure = (server) => ask(server, load.seconds)
    const extent = load.rounds ? { rounds: load.rounds, most: load.rounds } : { rounds, most }
    results.push({ load, found: await compare(started, { ...extent, measure }) })
  }
  return results
}

/** Some answer before all of their workers are there. */
async function allWorkersAnswer({ servers }, { workers = 1 }) {
  for (const server of Object.values(servers)) await untilWorkersAnswer(server, workers)
}

async function underLoad(server, { path, keepAlive }, { seconds, cores }) {
  const before = processorMs(server.pids())
  const seen = await wrk(server, { path, keepAlive, seconds, clients, core: cores?.clients ?? null })
  const used = processorMs(server.pids()) - before
  return { ...seen, processorUs: (used * 1_000) / seen.requests }
}
