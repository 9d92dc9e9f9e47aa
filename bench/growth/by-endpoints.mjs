import { compare } from '../measuring/compare.mjs'
import { shown } from '../measuring/rounds.mjs'
import { lockstepSingle } from '../subjects/lockstep.mjs'
import { underLoad } from '../throughput/compare-loads.mjs'

const cores = { server: 0, clients: 1 }
const endpoints = [
  ['--live-path', '/live'],
  ['--ready-path', '/ready'],
]

/** The cost for the app's requests if the server answers some paths itself. */
export const byEndpoints = {
  name: 'growth by endpoints',
  about:
    'Requests to the app under `single`, with zero, one and two paths that the server answers itself (`health.live`, `health.ready`).',
  needs: ['wrk'],
  async measure({ quick }) {
    await using stack = new AsyncDisposableStack()
    const subjects = []
    for (const count of quick ? [0, 2] : [0, 1, 2]) {
      const flags = endpoints.slice(0, count).flat()
      const server = stack.use(await lockstepSingle.start({ core: cores.server, flags }))
      subjects.push({ name: String(count), server })
    }
    const measure = ({ server }) => underLoad(server, { path: '/', keepAlive: true }, { seconds: 1, cores })
    if (!quick) for (const subject of subjects) await measure(subject)
    const rounds = quick ? 1 : 3
    const found = await compare(subjects, { rounds, most: rounds, measure })
    return {
      tables: [
        {
          title: 'By endpoints',
          columns: [
            'endpoints',
            'requests per second',
            'relative to none',
            'processor time per request, relative to none',
          ],
          rows: subjects.map(({ name }) => [
            name,
            shown(found.of(name, 'perSecond')),
            shown(found.ratio(name, 'perSecond'), 3),
            shown(found.ratio(name, 'processorUs'), 3),
          ]),
        },
      ],
      charts: [
        {
          file: 'growth-endpoints',
          title: 'Throughput of the app, relative to no endpoints of the server',
          kind: 'bars',
          unit: 'ratio',
          categories: subjects.map(({ name }) => (name === '1' ? '1 endpoint' : `${name} endpoints`)),
          series: [
            {
              name: lockstepSingle.name,
              values: subjects.map(({ name }) => found.ratio(name, 'perSecond')),
            },
          ],
        },
      ],
    }
  },
}
