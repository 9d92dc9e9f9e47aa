import { bareNode } from '../subjects/by-hand.mjs'
import { lockstepSingle } from '../subjects/lockstep.mjs'
import { underLoad } from '../throughput/compare-loads.mjs'
import { grow } from './grow.mjs'

const cores = { server: 0, clients: 1 }
const measures = [{ key: 'megabytesPerSecond', what: 'MB per second', digits: 2 }]

/** The cost of larger answers. */
export const byBodySize = {
  name: 'growth by body size',
  about:
    '`single` and bare Node, each on its own core, answer with bodies of 1 byte to 10 MB on 32 kept connections.',
  needs: ['wrk'],
  async measure({ quick }) {
    await using stack = new AsyncDisposableStack()
    const subjects = []
    for (const subject of [bareNode, lockstepSingle])
      subjects.push({ name: subject.name, server: stack.use(await subject.start({ core: cores.server })) })
    const grown = await grow({
      points: quick ? [1, 1_000_000] : [1, 100, 10_000, 1_000_000, 10_000_000],
      subjects,
      rounds: quick ? 1 : 2,
      measure: sample,
    })
    return {
      tables: [grown.table({ title: 'By the size of the body', pointName: 'bytes', measures })],
      charts: [
        {
          file: 'growth-body-size',
          title: 'Bytes per second, by the size of the body',
          kind: 'lines',
          xTitle: 'bytes of the body',
          yTitle: 'MB per second',
          xLog: true,
          yLog: true,
          series: grown.curves('megabytesPerSecond'),
        },
      ],
    }
  },
}

async function sample({ server }, bytes) {
  const { perSecond } = await underLoad(
    server,
    { path: `/bytes/${bytes}`, keepAlive: true },
    { seconds: 1, cores },
  )
  return { perSecond, megabytesPerSecond: (perSecond * bytes) / 1_000_000 }
}
