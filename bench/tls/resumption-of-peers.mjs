import { oneRequest } from '../load/one-request.mjs'
import { nodeCluster, reusePort } from '../subjects/by-hand.mjs'
import { caddy } from '../subjects/caddy.mjs'
import { gunicornUvicorn } from '../subjects/gunicorn.mjs'
import { lockstepCluster } from '../subjects/lockstep.mjs'
import { nginx } from '../subjects/nginx.mjs'
import { present } from '../subjects/present.mjs'
import { puma } from '../subjects/puma.mjs'
import { certificateFolder } from '../subjects/servers.mjs'
import { uvicorn } from '../subjects/uvicorn.mjs'

/** One after the other would meet the same worker each time, where the workers accept from one queue. */
const atOnce = 10
const versions = ['TLSv1.2', 'TLSv1.3']
const ours = lockstepCluster.name

/** Whether a client that comes again meets a worker that knows its session. */
export const resumptionOfPeers = {
  name: 'resumption rate',
  about: `Two workers each. A client gets a session and offers it on new connections, ${atOnce} at a time.`,
  async measure({ quick }) {
    const { subjects, skipped } = present([
      lockstepCluster,
      ...[nodeCluster, reusePort, nginx, caddy, puma, gunicornUvicorn, uvicorn],
    ])
    const connections = quick ? 20 : 100
    const rows = []
    for (const subject of subjects) rows.push(await ratesOf(subject, connections))
    return {
      skipped,
      figures: versions.map((version, index) => {
        const { name, counts, met } = rows.find((row) => row.name === ours)
        return {
          what: `${version} sessions resumed by ${name}`,
          goal: '100 %',
          found: share(counts[index], connections),
          met: counts[index] === connections && met === 2,
          how: `${connections} connections, ${met} workers answered`,
        }
      }),
      tables: [
        {
          title: `Share of ${connections} new connections that resumed the offered session`,
          columns: ['server', ...versions, 'workers that answered'],
          rows: rows.map(({ name, counts, met }) => [
            name,
            ...counts.map((count) => share(count, connections)),
            String(met ?? '–'),
          ]),
        },
      ],
    }
  },
}

async function ratesOf(subject, connections) {
  const { name } = subject
  if (subject.cannot?.({ tls: true, path: '/' })) return { name, counts: versions.map(() => null), met: null }
  using pair = await certificateFolder()
  await using server = await subject.start({ workers: 2, pair, core: null })
  const ask = (settings) => oneRequest({ ...server, ...settings, path: '/pid' })
  const pids = new Set()
  const counts = []
  for (const maxVersion of versions) {
    const { session } = await ask({ maxVersion })
    let count = 0
    for (let done = 0; session && done < connections; done += atOnce) {
      const seen = await Promise.all(Array.from({ length: atOnce }, () => ask({ maxVersion, session })))
      count += seen.filter(({ resumed }) => resumed).length
      for (const { pid } of seen) pids.add(pid)
    }
    counts.push(count)
  }
  // Subjects with a fixed answer don't show which worker it was.
  return { name, counts, met: pids.has(Number.NaN) ? null : pids.size }
}

function share(count, connections) {
  return count === null ? '–' : `${Math.round((count * 100) / connections)} %`
}
