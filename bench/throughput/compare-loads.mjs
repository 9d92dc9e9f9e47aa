import { untilWorkersAnswer } from '../load/answering-workers.mjs'
import { wrk } from '../load/wrk.mjs'
import { compare } from '../measuring/compare.mjs'
import { processorMs } from '../measuring/processor-time.mjs'
import { startBoth } from '../subjects/start-both.mjs'

/** Clients at once. */
const usual = 32

/**
 * Puts each subject under each load, and gives for each load the names of those that can serve it, and what `compare` makes of them:
 * `perSecond`, `p99Ms`, `processorUs` of the server for a request, and `failed`. A subject that can't serve a load has a `cannot(load)` that
 * tells why, or null. All servers are up all the time; those that are not asked have nothing to do. A load may have its own `rounds` and `most`.
 */
export async function compareLoads(
  subjects,
  loads,
  { rounds, most, settings = {}, cores = null, warms = true },
) {
  await using stack = new AsyncDisposableStack()
  const protocols = { http: loads.some(({ tls }) => !tls), https: loads.some(({ tls }) => tls) }
  const started = []
  for (const subject of subjects)
    started.push(
      stack.use(await startBoth(subject, { ...protocols, ...settings, core: cores?.server ?? null })),
    )
  for (const server of started) await allWorkersAnswer(server, settings)
  const results = []
  for (const load of loads) {
    const ask = ({ servers }, seconds) =>
      underLoad(servers[load.tls ? 'https' : 'http'], load, { seconds, cores })
    const able = started.filter(({ cannot }) => cannot(load) === null)
    // All at once: what warms up is not measured.
    if (warms) await Promise.all(able.map((server) => ask(server, warmSeconds(load))))
    const extent = load.rounds ? { rounds: load.rounds, most: load.most ?? load.rounds } : { rounds, most }
    const found = await compare(able, { ...extent, measure: (server) => ask(server, load.seconds) })
    results.push({ load, names: able.map(({ name }) => name), found })
  }
  return results
}

/** Some answer before all of their workers are there. */
async function allWorkersAnswer({ isSingle, cannot, servers }, { workers = 1 }) {
  if (cannot({ path: '/pid' }) !== null) return
  for (const server of Object.values(servers)) await untilWorkersAnswer(server, isSingle ? 1 : workers)
}

/** The fewer requests there are in a second, the longer it takes until a server's code is compiled. */
function warmSeconds({ path, tls, keepAlive }) {
  if (keepAlive || path === '/slow') return 1
  return tls ? 3 : 2
}

/** One sample of a server. */
export async function underLoad(server, { path, keepAlive, clients = usual }, { seconds, cores = null }) {
  const before = processorMs(server.pids())
  const seen = await wrk(server, { path, keepAlive, seconds, clients, core: cores?.clients ?? null })
  const used = processorMs(server.pids()) - before
  return { ...seen, processorUs: (used * 1_000) / seen.requests }
}
