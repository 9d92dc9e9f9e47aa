import { pacedLoad } from '../load/paced-load.mjs'
import { compare } from '../measuring/compare.mjs'
import { shown, summary } from '../measuring/rounds.mjs'
import { caddyFront, lockstepFront } from './fronts.mjs'

/** Half of what the slowest front can serve on a busy machine. */
const fixed = { perSecond: 2_000, connections: 32 }
const rare = { perSecond: 100, connections: 4 }
const mostAddedMs = 0.5
const ours = lockstepFront.name

/** The slowest hundredth of the answers, with the same number of requests a second for each front. */
export async function lateness({ servers, cores, quick }) {
  const found = await compare(servers, {
    rounds: quick ? 2 : 4,
    most: quick ? 2 : 6,
    decidedBy: 'p99Ms',
    async measure({ server }) {
      const [seen] = await pacedLoad([server], { ...fixed, seconds: quick ? 2 : 3, core: cores.clients })
      return seen
    },
  })
  const how = `${found.rounds} rounds, ${fixed.perSecond.toLocaleString('en')} requests a second over ${fixed.connections} connections`
  const judged = () => {
    const ratio = found.between(ours, caddyFront.name, 'p99Ms')
    return {
      what: 'p99 at the same load, relative to Caddy',
      goal: '≤ 1',
      found: shown(ratio, 2),
      met: ratio.median <= 1 && found.total(ours, 'failed') === 0,
      how,
      isSteady: found.isSteady,
    }
  }
  return {
    figures: servers.some(({ name }) => name === caddyFront.name) ? [judged()] : [],
    tables: [
      {
        title: `Time to the answer in ms: ${how}`,
        columns: ['front', 'median', 'p99', 'failed'],
        rows: servers.map(({ name }) => [
          name,
          ...['medianMs', 'p99Ms'].map((key) => shown(found.of(name, key), 2)),
          String(found.total(name, 'failed')),
        ]),
      },
    ],
  }
}

/** What a front adds to a request, TLS included, when there is little to do. All are asked at the same time, in turns. */
export async function addedLatency({ servers, direct, cores, quick }) {
  const targets = [direct, ...servers.map(({ server }) => server)]
  const rounds = quick ? 1 : 3
  const samples = []
  for (let round = 0; round < rounds; round += 1)
    samples.push(await pacedLoad(targets, { ...rare, seconds: quick ? 3 : 10, core: cores.clients }))
  const added = (index) => summary(samples.map((seen) => seen[index].medianMs - seen[0].medianMs))
  const medians = (index) => summary(samples.map((seen) => seen[index].medianMs))
  return {
    figures: [
      {
        what: `added latency at ${rare.perSecond} requests a second`,
        goal: `< ${mostAddedMs} ms`,
        found: `${shown(added(1), 3)} ms`,
        met: added(1).median < mostAddedMs && samples.every(([, { failed }]) => failed === 0),
        how: `the median over TLS through the front, less that of the program asked directly over HTTP; ${rounds} rounds`,
      },
    ],
    tables: [
      {
        title: `Time to the answer in ms at ${rare.perSecond} requests a second`,
        columns: ['', 'median', 'added'],
        rows: [
          ['the program itself, over HTTP', shown(medians(0), 3), ''],
          ...servers.map(({ name }, index) => [
            name,
            shown(medians(index + 1), 3),
            shown(added(index + 1), 3),
          ]),
        ],
      },
    ],
  }
}
