import { sTime } from '../load/s-time.mjs'
import { compare } from '../measuring/compare.mjs'
import { processorMs } from '../measuring/processor-time.mjs'
import { shown } from '../measuring/rounds.mjs'
import { bareNode } from '../subjects/by-hand.mjs'
import { caddy } from '../subjects/caddy.mjs'
import { lockstepSingle } from '../subjects/lockstep.mjs'
import { nginx } from '../subjects/nginx.mjs'
import { present } from '../subjects/present.mjs'
import { certificateFolder } from '../subjects/servers.mjs'

const goal = 0.95
const clients = 4
const ours = lockstepSingle.name
const kinds = [
  { what: 'full handshakes', resumes: false },
  { what: 'resumed handshakes', resumes: true },
]

export const handshakes = {
  name: 'handshakes',
  about: `One process on its own core, and the clients (${clients} times \`openssl s_time\`, TLS 1.3) on the other. The client sends one request after each handshake. nginx and Caddy, also with one worker, return one fixed answer and serve as orientation.`,
  needs: ['openssl'],
  async measure({ quick }) {
    const limits = present(quick ? [] : [nginx, caddy])
    const judged = [bareNode, lockstepSingle]
    const extent = quick ? { rounds: 2, most: 2, seconds: 0.7 } : { rounds: 5, most: 8, seconds: 1.2 }
    const results = await compareKinds(judged, extent)
    const oriented = [bareNode, ...limits.subjects]
    const beside =
      limits.subjects.length === 0 ? [] : await compareKinds(oriented, { ...extent, rounds: 1, most: 1 })
    return {
      skipped: limits.skipped,
      figures: results.map(figure),
      tables: [
        table('Handshakes, single against bare Node', results, judged),
        table('Handshakes, for orientation', beside, oriented),
      ],
    }
  },
}

async function compareKinds(subjects, { rounds, most, seconds }) {
  await using stack = new AsyncDisposableStack()
  const pair = stack.use(await certificateFolder())
  const started = []
  for (const subject of subjects) {
    const server = stack.use(await subject.start({ workers: 1, pair, core: 0 }))
    started.push({ name: subject.name, server })
  }
  const results = []
  for (const { what, resumes } of kinds) {
    const measure = ({ server }) => handshakesOf(server, { seconds, resumes })
    await Promise.all(started.map(({ server }) => handshakesOf(server, { seconds: 0.7, resumes })))
    results.push({ what, found: await compare(started, { rounds, most, measure }) })
  }
  return results
}

async function handshakesOf(server, { seconds, resumes }) {
  const before = processorMs(server.pids())
  const seen = await sTime(server, { seconds, clients, resumes, core: 1 })
  const used = processorMs(server.pids()) - before
  return { ...seen, processorUs: (used * 1_000) / seen.handshakes }
}

function figure({ what, found }) {
  const ratio = found.ratio(ours, 'perSecond')
  return {
    what: `${what} per second, single relative to bare Node`,
    goal: `≥ ${goal}`,
    found: shown(ratio, 3),
    met: ratio.median >= goal,
    isSteady: found.isSteady,
    how: `${found.rounds} rounds${found.isSteady ? '' : ', which disagreed'}; processor time per handshake ${shown(found.ratio(ours, 'processorUs'), 3)}`,
  }
}

function table(title, results, subjects) {
  return {
    title,
    columns: [
      'handshakes',
      ...subjects.map(({ name, version }) => `${name}, ${version()}, per second`),
      ...subjects.map(({ name }) => `${name}, processor time per handshake, µs`),
    ],
    rows: results.map(({ what, found }) => [
      what,
      ...subjects.map(({ name }) => shown(found.of(name, 'perSecond'))),
      ...subjects.map(({ name }) => shown(found.of(name, 'processorUs'))),
    ]),
  }
}
