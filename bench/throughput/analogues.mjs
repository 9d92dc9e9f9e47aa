import { caddy } from '../subjects/caddy.mjs'
import { gunicorn, gunicornUvicorn } from '../subjects/gunicorn.mjs'
import { lockstepCluster, lockstepSingle } from '../subjects/lockstep.mjs'
import { nginx } from '../subjects/nginx.mjs'
import { present } from '../subjects/present.mjs'
import { puma } from '../subjects/puma.mjs'
import { uvicorn } from '../subjects/uvicorn.mjs'
import { compareLoads } from './compare-loads.mjs'
import { loads } from './loads.mjs'
import { processorTable, requestsTable } from './requests-table.mjs'

const ours = lockstepCluster.name
const ourOwn = [lockstepCluster, lockstepSingle]
const hello = loads.filter(({ path }) => path === '/')
const json = loads.filter(({ path, tls, keepAlive }) => path === '/json' && !tls && keepAlive)
const quickLoads = hello.filter(({ tls, keepAlive }) => tls && !keepAlive)

/** Launchers of other languages with the equivalent app, and servers without one. */
export const analogues = {
  name: 'analogues',
  about: `Two workers each, and the clients (wrk, 32 of them) on the same cores. \`single\` has one process. Gunicorn, Uvicorn and Puma run an app with the same answers and use their defaults; Gunicorn's gthread has four threads per worker. nginx and Caddy return one fixed answer: they show the upper limit.`,
  needs: ['wrk'],
  async measure({ quick }) {
    const peers = present(quick ? [gunicornUvicorn, puma] : [gunicorn, gunicornUvicorn, uvicorn, puma])
    const limits = present(quick ? [] : [nginx, caddy])
    const subjects = [...(quick ? [lockstepCluster] : ourOwn), ...peers.subjects]
    const settings = { workers: 2 }
    const results = await compareLoads(subjects, quick ? quickLoads : [...hello, ...json], {
      rounds: quick ? 1 : 2,
      most: quick ? 1 : 2,
      settings,
    })
    const beside =
      limits.subjects.length === 0
        ? []
        : await compareLoads(limits.subjects, quick ? quickLoads : hello, {
            ...{ rounds: 1, most: 1, settings, warms: false },
          })
    return {
      skipped: [...peers.skipped, ...limits.skipped, ...lacking(results, peers.subjects)],
      figures: peers.subjects.length > 0 ? results.map(figure) : [],
      tables: [
        requestsTable('Requests per second with an app, the highest in bold', results, subjects),
        processorTable('Processor time per request, in µs', results, subjects),
        requestsTable('Upper limit: requests per second with a fixed answer', beside, limits.subjects),
        processorTable('Upper limit: processor time per request, in µs', beside, limits.subjects),
      ],
      charts: [chart(results, subjects)],
    }
  },
}

function figure({ load, names, found }) {
  const own = new Set(ourOwn.map(({ name }) => name))
  const lead = (name) => 1 / found.ratio(name, 'perSecond').median
  const best = names.filter((name) => !own.has(name)).toSorted((a, b) => lead(a) - lead(b))[0]
  const failed = found.total(ours, 'failed')
  return {
    what: `${load.what}: cluster relative to the fastest analogue`,
    goal: null,
    found: `${lead(best).toFixed(2)} of ${best}`,
    met: null,
    how: `${found.rounds} rounds${found.isSteady ? '' : ', which disagreed'}; ${failed} failed`,
  }
}

function lacking(results, subjects) {
  return results.flatMap(({ load, names }) =>
    subjects
      .filter(({ name }) => !names.includes(name))
      .map(({ name, cannot }) => ({ what: `${name}, ${load.what}`, why: cannot(load) })),
  )
}

function chart(results, subjects) {
  const nothing = { median: 0, least: 0, most: 0 }
  return {
    file: 'analogues',
    title: `Throughput relative to ${ours}: launchers of other languages`,
    kind: 'bars',
    unit: 'ratio',
    categories: results.map(({ load }) => load.what),
    series: subjects.map(({ name }) => ({
      name,
      values: results.map(({ names, found }) =>
        names.includes(name) ? found.ratio(name, 'perSecond') : nothing,
      ),
    })),
  }
}
