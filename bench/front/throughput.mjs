import { compare } from '../measuring/compare.mjs'
import { shown } from '../measuring/rounds.mjs'
import { underLoad } from '../throughput/compare-loads.mjs'
import { caddyFront, lockstepFront, nginxFront } from './fronts.mjs'

const goals = [
  { peer: caddyFront.name, least: 1.5 },
  { peer: nginxFront.name, least: 0.8 },
]
const load = { path: '/', keepAlive: true }
const ours = lockstepFront.name

/** As many requests as the fronts can serve. */
export async function throughput({ servers, cores, quick }) {
  const ask = (seconds) => (server) => underLoad(server.server, load, { seconds, cores })
  for (const server of servers) await ask(quick ? 1 : 2)(server)
  const found = await compare(servers, {
    rounds: quick ? 2 : 5,
    most: quick ? 2 : 7,
    measure: ask(quick ? 1 : 2),
    decidedBy: 'perProcessorSecond',
  })
  const names = servers.map(({ name }) => name)
  return {
    figures: goals.filter(({ peer }) => names.includes(peer)).map((goal) => figure(found, goal)),
    tables: [
      {
        title: 'Requests over kept connections under TLS, 32 clients',
        columns: [
          'front',
          'per second of processor time',
          'processor time per request, µs',
          'per second',
          'failed',
        ],
        rows: servers.map(({ name, version }) => [
          `${name}, ${version()}`,
          ...['perProcessorSecond', 'processorUs', 'perSecond'].map((key) => shown(found.of(name, key), 1)),
          String(found.total(name, 'failed')),
        ]),
      },
    ],
    charts: [
      {
        file: 'front',
        title: 'Requests per second of processor time, relative to lockstep exec',
        kind: 'bars',
        unit: 'ratio',
        categories: ['hello, HTTPS, kept connections'],
        series: names.map((name) => ({ name, values: [found.ratio(name, 'perProcessorSecond')] })),
      },
    ],
  }
}

function figure(found, { peer, least }) {
  const ratio = found.between(ours, peer, 'perProcessorSecond')
  const failed = found.total(ours, 'failed')
  return {
    what: `throughput, relative to ${peer}`,
    goal: `≥ ${least}`,
    found: shown(ratio, 2),
    met: ratio.median >= least && failed === 0,
    how: `${found.rounds} rounds; ${failed} failed; by requests per second ${shown(found.between(ours, peer, 'perSecond'), 2)}`,
    isSteady: found.isSteady,
  }
}
