import { shown } from '../measuring/rounds.mjs'
import { nodeCluster, reusePort } from '../subjects/by-hand.mjs'
import { lockstepCluster } from '../subjects/lockstep.mjs'
import { pm2 } from '../subjects/pm2.mjs'
import { present } from '../subjects/present.mjs'
import { watt } from '../subjects/watt.mjs'
import { compareLoads } from './compare-loads.mjs'
import { loads } from './loads.mjs'

const ours = lockstepCluster.name
/** Only hello is repeated while its rounds disagree. An answer that takes 800 ms is as fast as the number of clients allows, so one round is enough. */
const extentOf = {
  '/json': { rounds: 2, most: 4 },
  '/large': { rounds: 2 },
  '/slow': { rounds: 1 },
}
const fullLoads = loads.map((load) => ({ ...load, ...extentOf[load.path] }))
const quickLoads = loads.filter(({ path, keepAlive }) => path === '/' && !keepAlive)
/** Level with the best: not slower by more than rounds of the same subject differ. */
const level = 0.95

/** Two workers each, compared with other launchers of several Node processes. */
export const cluster = {
  name: 'cluster',
  about: `Two workers, and the clients (wrk, 32 of them) on the same cores. "Level" is at least ${level} of the best peer's median, within the same rounds.`,
  needs: ['wrk'],
  async measure({ quick }) {
    const { subjects, skipped } = present([
      lockstepCluster,
      nodeCluster,
      reusePort,
      pm2,
      ...(quick ? [] : [watt]),
    ])
    const results = await compareLoads(subjects, quick ? quickLoads : fullLoads, {
      rounds: quick ? 1 : 3,
      most: quick ? 1 : 5,
      settings: { workers: 2 },
    })
    const peers = subjects.map(({ name }) => name).filter((name) => name !== ours)
    return {
      skipped,
      figures: results.flatMap((result) => figures(result, peers)),
      tables: [
        {
          title: 'Requests per second, the highest in bold',
          columns: ['load', ...subjects.map(({ name }) => name)],
          rows: results.map((result) => row(result, subjects)),
        },
        {
          title: 'Processor time per request in µs, all processes of a server together',
          columns: ['load', ...subjects.map(({ name }) => name)],
          // Linux counts in steps of 10 ms: a hundred slow answers are too few.
          rows: results
            .filter(({ load }) => load.path !== '/slow')
            .map(({ load, found }) => [
              load.what,
              ...subjects.map(({ name }) => shown(found.of(name, 'processorUs'))),
            ]),
        },
      ],
      charts: charts(results, subjects),
    }
  },
}

function figures({ load, found }, peers) {
  // How many times as fast as each peer we are, within the rounds.
  const lead = (name) => 1 / found.ratio(name, 'perSecond').median
  const best = peers.toSorted((a, b) => lead(a) - lead(b))[0]
  const failed = found.total(ours, 'failed')
  const how = `${found.rounds} rounds${found.isSteady ? '' : ', which disagreed'}; ${failed} failed`
  const judged = [
    {
      what: `${load.what}: relative to the best peer`,
      goal: `the best or level (≥ ${level})`,
      found: `${lead(best).toFixed(2)} of ${best}`,
      met: lead(best) >= level && failed === 0,
      how,
      isSteady: found.isSteady,
    },
  ]
  if (!load.keepAlive && load.path === '/' && peers.includes(pm2.name))
    judged.push({
      what: `${load.what}: relative to PM2`,
      goal: '≥ 1.5',
      found: lead(pm2.name).toFixed(2),
      met: lead(pm2.name) >= 1.5,
      how,
      isSteady: found.isSteady,
    })
  return judged
}

function row({ load, found }, subjects) {
  const medians = subjects.map(({ name }) => found.of(name, 'perSecond').median)
  const most = Math.max(...medians)
  const cell = ({ name }) => {
    const failed = found.total(name, 'failed')
    const text = shown(found.of(name, 'perSecond')) + (failed > 0 ? `, ${failed} failed` : '')
    return found.of(name, 'perSecond').median === most ? `**${text}**` : text
  }
  return [load.what, ...subjects.map(cell)]
}

function charts(results, subjects) {
  return [true, false].map((keepAlive) => {
    const chosen = results.filter(({ load }) => load.keepAlive === keepAlive && load.path !== '/slow')
    return {
      file: keepAlive ? 'cluster-kept' : 'cluster-one-shot',
      title: `Throughput relative to ${ours}: ${keepAlive ? 'kept connections' : 'one connection per request'}`,
      kind: 'bars',
      unit: 'ratio',
      categories: chosen.map(({ load }) => `${load.body}, ${load.tls ? 'HTTPS' : 'HTTP'}`),
      series: subjects.map(({ name }) => ({
        name,
        values: chosen.map(({ found }) => found.ratio(name, 'perSecond')),
      })),
    }
  })
}
