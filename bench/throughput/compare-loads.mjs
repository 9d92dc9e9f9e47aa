import { untilWorkersAnswer } from '../load/answering-workers.mjs'
import { wrk } from '../load/wrk.mjs'
import { compare, comparison, repeat } from '../measuring/compare.mjs'
import { processorMs } from '../measuring/processor-time.mjs'
import { inTurns } from '../measuring/rounds.mjs'
import { startBoth } from '../subjects/start-both.mjs'

/** Clients at once. */
const usual = 32

/**
 * Puts each subject under each load. Returns for each load the names of the subjects that can serve it, and the result of `compare`:
 * `perSecond`, `p99Ms`, `processorUs` of the server for a request, `perProcessorSecond`, and `failed`. A subject that can't serve a load has a `cannot(load)` that
 * says why, or null. All servers are up all the time; those that are not asked have nothing to do. A load may have its own `rounds` and
 * `most`.
 */
export async function compareLoads(
  subjects,
  loads,
  { rounds, most, settings = {}, cores = null, warms = true },
) {
  await using started = await startServers(subjects, loads, { settings, cores })
  const results = []
  for (const load of loads) {
    const able = started.servers.filter(({ cannot }) => cannot(load) === null)
    if (warms) await warm(able, load, cores)
    const extent = load.rounds ? { rounds: load.rounds, most: load.most ?? load.rounds } : { rounds, most }
    const found = await compare(able, { ...extent, measure: (server) => ask(server, load, { cores }) })
    results.push({ load, names: able.map(({ name }) => name), found })
  }
  return results
}

/**
 * The same with new processes for each round, for subjects that can serve every load: how V8 has compiled and laid out one process makes it a
 * tenth faster or slower than the next one for as long as it lives.
 *
 * `atOnce`: all of them serve at the same time, on the same core. What disturbs the machine for a second then disturbs all alike, so the
 * processor time of a request distinguishes them by a few hundredths even where their throughput doubles from one second to the next.
 */
export async function compareLoadsAnew(
  subjects,
  loads,
  { rounds, most, settings = {}, cores = null, atOnce = false },
) {
  const names = subjects.map(({ name }) => name)
  const results = loads.map((load) => {
    const samples = new Map(names.map((name) => [name, []]))
    return { load, names, samples, found: comparison(samples, atOnce ? 'perProcessorSecond' : 'perSecond') }
  })
  const measure = async (server, { load, samples }) =>
    samples.get(server.name).push(await ask(server, load, { cores }))
  const measureRound = async (round) => {
    await using started = await startServers(inTurns(subjects, round), loads, { settings, cores })
    for (const result of results) {
      await warm(started.servers, result.load, cores)
      if (atOnce) await Promise.all(started.servers.map((server) => measure(server, result)))
      else for (const server of started.servers) await measure(server, result)
    }
  }
  const isSteady = () => results.every(({ found }) => found.isSteady)
  await repeat(measureRound, { rounds, most, isSteady })
  return results
}

async function startServers(subjects, loads, { settings, cores }) {
  await using stack = new AsyncDisposableStack()
  const protocols = { http: loads.some(({ tls }) => !tls), https: loads.some(({ tls }) => tls) }
  const servers = []
  for (const subject of subjects)
    servers.push(
      stack.use(await startBoth(subject, { ...protocols, ...settings, core: cores?.server ?? null })),
    )
  for (const server of servers) await allWorkersAnswer(server, settings)
  const kept = stack.move()
  return { servers, [Symbol.asyncDispose]: () => kept.disposeAsync() }
}

function ask({ servers }, load, { seconds = load.seconds, cores }) {
  return underLoad(servers[load.tls ? 'https' : 'http'], load, { seconds, cores })
}

/** All at once: what warms up is not measured. */
function warm(servers, load, cores) {
  return Promise.all(servers.map((server) => ask(server, load, { seconds: warmSeconds(load), cores })))
}

/** Some answer before all of their workers are there. */
async function allWorkersAnswer({ isSingle, cannot, servers }, { workers = 1 }) {
  if (cannot({ path: '/pid' }) !== null) return
  for (const server of Object.values(servers)) await untilWorkersAnswer(server, isSingle ? 1 : workers)
}

/**
 * The fewer requests there are in a second, the longer it takes until a server's code is compiled. More code takes longer: of servers that share
 * a core, ours was at 0.90 of bare Node in the first four seconds, and at 0.96 in all that followed.
 */
function warmSeconds({ path, tls, keepAlive }) {
  if (path === '/slow') return 1
  if (path === '/' && keepAlive) return tls ? 10 : 6
  return tls ? 3 : 2
}

/** One sample of a server. */
export async function underLoad(server, { path, keepAlive, clients = usual }, { seconds, cores = null }) {
  const before = processorMs(server.pids())
  const seen = await wrk(server, { path, keepAlive, seconds, clients, core: cores?.clients ?? null })
  const used = processorMs(server.pids()) - before
  return {
    ...seen,
    processorUs: (used * 1_000) / seen.requests,
    perProcessorSecond: (seen.requests * 1_000) / used,
  }
}
