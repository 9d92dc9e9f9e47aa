import { setTimeout as pause } from 'node:timers/promises'
import { oneRequest } from '../load/one-request.mjs'
import { pidsOf } from '../load/pids-of.mjs'
import { certificateFolder, startHost } from '../subjects/servers.mjs'

const versions = ['TLSv1.2', 'TLSv1.3']
const asked = 40

export const resumption = {
  name: 'resumption across workers',
  async measure({ quick }) {
    const connections = quick ? 20 : 60
    using pair = await certificateFolder()
    await using server = await startHost(pair, { backend: 'cluster', workers: 4 })
    const sessions = []
    for (const maxVersion of versions)
      sessions.push({ maxVersion, session: (await oneRequest({ ...server, maxVersion })).session })
    const figures = []
    const show = async (when) => {
      for (const shown of sessions) figures.push(await resumed(when, { server, connections, ...shown }))
    }
    await show('before a reload')
    await pair.renew()
    await server.reload()
    await show('after a reload')
    await replaceAllWorkers(server)
    await show('after the death of every worker')
    return { figures }
  },
}

async function resumed(when, { server, connections, session, maxVersion }) {
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
    how: `one session, offered on new connections; ${pids.size} of 4 workers answered`,
  }
}

async function replaceAllWorkers(target) {
  const old = await pidsOf(target, asked)
  for (const pid of old) process.kill(pid, 'SIGKILL')
  const end = performance.now() + 30_000
  for (;;) {
    const now = await pidsOf(target, asked).catch(() => new Set())
    if (now.size === old.size && [...now].every((pid) => !old.has(pid))) return
    if (performance.now() > end)
      throw new Error(
        `after 30 s ${now.size} of ${old.size} workers answer, ${[...now]} instead of ${[...old]}`,
      )
    await pause(50)
  }
}
