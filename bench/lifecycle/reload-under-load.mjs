import { untilWorkersAnswer } from '../load/answering-workers.mjs'
import { clientsInAll } from '../load/watched-load.mjs'
import { compare } from '../measuring/compare.mjs'
import { shown } from '../measuring/rounds.mjs'
import { gunicorn, gunicornUvicorn } from '../subjects/gunicorn.mjs'
import { lockstepCluster } from '../subjects/lockstep.mjs'
import { pm2 } from '../subjects/pm2.mjs'
import { present } from '../subjects/present.mjs'
import { startAll } from '../subjects/start-all.mjs'
import { watt } from '../subjects/watt.mjs'
import { lossCells, lossColumns } from './losses.mjs'
import { reloadOnce } from './reload-once.mjs'

const workers = 2
/** All at once, like Gunicorn. */
const atOnce = {
  ...lockstepCluster,
  name: `${lockstepCluster.name} --max-surge ${workers}`,
  start: (settings) => lockstepCluster.start({ ...settings, flags: ['--max-surge', String(workers)] }),
}
/** Subjects that can replace all their workers while they serve: they have `reload()`. */
const reloadable = [lockstepCluster, atOnce, pm2, watt, gunicorn, gunicornUvicorn]
const inQuick = [lockstepCluster, pm2, gunicorn]
const ours = lockstepCluster.name
/** All workers are replaced while clients keep sending requests. */
export const reloadUnderLoad = {
  name: 'reload under load',
  about: `Two workers are replaced while ${clientsInAll} clients ask. A third of them use kept connections, a third a new connection per request, and a third ask for an answer that takes 800 ms. Each client asks again 5 ms after its answer, and gives up after 3 s without one. The reload is complete when the clients have seen the last answer of an old worker and one of each new worker. The command is \`lockstep reload\`, \`pm2 reload\`, \`wattpm restart\`, or SIGHUP. If a kept connection is closed without a byte of an answer, the client may send the request again (RFC 9110, section 9.2.2). Such a request has not failed.`,
  async measure({ quick }) {
    const { subjects, skipped } = present(quick ? inQuick : reloadable)
    await using started = await startAll(subjects, { workers })
    for (const { server } of started.servers) await untilWorkersAnswer(server, workers)
    const rounds = quick ? 1 : 2
    const found = await compare(started.servers, {
      rounds,
      most: rounds,
      decidedBy: 'completeMs',
      measure: ({ server }) => reloadOnce(server, workers),
    })
    return {
      skipped,
      figures: figures(
        found,
        subjects.map(({ name }) => name),
      ),
      tables: [
        {
          title: 'Two workers replaced under load',
          columns: ['', ...lossColumns, 'complete after, ms', 'the command took, ms'],
          rows: subjects.map(({ name }) => [
            name,
            ...lossCells(found, name),
            ...['completeMs', 'commandMs'].map((key) => shown(found.of(name, key))),
          ]),
        },
      ],
      charts: [
        {
          file: 'reload-under-load',
          title: 'Reload under load: time to completion, and longest wait of a client',
          kind: 'bars',
          unit: 'ms',
          categories: ['complete', 'longest wait'],
          series: subjects.map(({ name }) => ({
            name,
            values: [found.of(name, 'completeMs'), found.of(name, 'longestWaitMs')],
          })),
        },
      ],
    }
  },
}

function figures(found, names) {
  const failed = found.total(ours, 'failed')
  const judged = [
    {
      what: 'failed requests',
      goal: '0',
      found: `${failed} of ${(found.total(ours, 'answered') + failed).toLocaleString('en')}`,
      met: failed === 0,
      how: `${found.rounds} reloads; ${found.total(ours, 'sentAgain')} sent again`,
    },
  ]
  const times = (name) => found.of(name, 'completeMs').median
  const lossless = names.filter(
    (name) => ![ours, atOnce.name].includes(name) && found.total(name, 'failed') === 0,
  )
  const [fastest] = lossless.toSorted((a, b) => times(a) - times(b))
  if (fastest !== undefined) {
    const ratio = found.between(ours, fastest, 'completeMs').median
    judged.push({
      what: 'time to completion, relative to the fastest peer that loses nothing',
      goal: '≤ 1',
      found: `${ratio.toFixed(2)} of ${fastest}`,
      met: ratio <= 1,
      how: `${shown(found.of(ours, 'completeMs'))} ms against ${shown(found.of(fastest, 'completeMs'))} ms`,
    })
  }
  return judged
}
