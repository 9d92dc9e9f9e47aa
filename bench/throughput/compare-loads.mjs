import { wrk } from '../load/wrk.mjs'
import { compare } from '../measuring/compare.mjs'
import { processorMs } from '../measuring/processor-time.mjs'
import { startBoth } from '../subjects/start-both.mjs'

/** Clients at once. */
const usual = 32

/**
 * Puts each subject under each load, and gives for each load what `compare` makes of it: `perSecond`, `p99Ms`, `processorUs` of the server for
 * a request, and `failed`. All servers are up all the time; those that are not asked have nothing to do.
 */
export async function compareLoads(subjects, loads, { rounds, most, settings = {}, cores = null }) {
  await using stack = new AsyncDisposableStack()
  const started = []
  for (const subject of subjects)
    started.push(stack.use(await startBoth(subject, { ...settings, core: cores?.server ?? null })))
  const results = []
  for (const load of loads) {
    const ask = ({ servers }, seconds) =>
      underLoad(servers[load.tls ? 'https' : 'http'], load, { seconds, cores })
    for (const server of started) await ask(server, 1)
    const measure = (server) => ask(server, load.seconds)
    results.push({ load, found: await compare(started, { rounds, most, measure }) })
  }
  return results
}

/** One sample of a server. */
export async function underLoad(server, { path, keepAlive, clients = usual }, { seconds, cores = null }) {
  const before = processorMs(server.pids())
  const seen = await wrk(server, { path, keepAlive, seconds, clients, core: cores?.clients ?? null })
  const used = processorMs(server.pids()) - before
  return { ...seen, processorUs: (used * 1_000) / seen.requests }
}
