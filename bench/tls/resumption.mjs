import { setTimeout as pause } from 'node:timers/promises'
import { oneRequest } from '../load/one-request.mjs'
import { certificateFolder, startHost } from '../subjects/servers.mjs'

const connections = 60

export const resumption = {
  name: 'resumption across workers',
  async measure() {
    using pair = await certificateFolder()
    await using server = await startHost(pair, { backend: 'cluster', workers: 4 })
    const figures = []
    for (const maxVersion of ['TLSv1.2', 'TLSv1.3']) {
      const { session } = await oneRequest({ ...server, maxVersion })
      figures.push(await resumed('before a reload', { server, session, maxVersion }))
      await pair.renew()
      await server.reload()
      figures.push(await resumed('after a reload', { server, session, maxVersion }))
      await replaceAllWorkers({ ...server, maxVersion })
      figures.push(await resumed('after the death of every worker', { server, session, maxVersion }))
    }
    return { figures }
  },
}

async function resumed(when, { server, session, maxVersion }) {
  let count = 0
  const pids = new Set()
  for (let done = 0; done < connections; done += 1) {
    const seen = await oneRequest({ ...server, session, maxVersion })
    pids.add(seen.pid)
    if (seen.resumed) count += 1
  }
  return {
    what: `${maxVersion} sessions resumed ${when}`,
    goal: '100 %',
    found: `${count} of ${connections}`,
    met: count === connections,
    how: `one session, shown on new connections; ${pids.size} of 4 workers answered`,
  }
}

async function replaceAllWorkers(target) {
  const old = await pidsOf(target)
  for (const pid of old) process.kill(pid, 'SIGKILL')
  const end = performance.now() + 30_000
  for (;;) {
    const now = await pidsOf(target).catch(() => new Set())
    if (now.size === old.size && [...now].every((pid) => !old.has(pid))) return
    if (performance.now() > end)
      throw new Error(
        `after 30 s ${now.size} of ${old.size} workers answer, ${[...now]} in place of ${[...old]}`,
      )
    await pause(50)
  }
}

async function pidsOf(target) {
  const pids = new Set()
  for (let done = 0; done < 40; done += 1) pids.add((await oneRequest(target)).pid)
  return pids
}
