import { describe, expect, it } from 'vitest'
import { everyoneAnswers, everyoneServes, startFaulty } from '../support/faulty-cluster.ts'
import { isOnPath, run } from '../support/programs.ts'
import { startLoad } from '../support/steady-load.ts'
import { waitUntil } from '../support/wait-until.ts'

const isMissing = !isOnPath('prlimit')

describe.skipIf(isMissing)(
  `without free descriptors${isMissing ? ' (skipped: prlimit is missing)' : ''}`,
  () => {
    it('a worker that has leaked all its descriptors is drained and replaced, and others accept its connections', async () => {
      const through = ['prlimit', '--nofile=128:128']
      await using server = await startFaulty(['--workers', '3', '--hang-timeout', '4s'], { through })
      // New connections all the time: the leaking worker can only fail to take one that it is offered before it is replaced.
      await using load = startLoad(server.url, { clients: 6, keepAlive: false })
      await everyoneAnswers(load, server.workers)
      const leaking = await server.provoke('/descriptors')
      await server.waitFor('could not take connections: others get them')
      await waitUntil(() => server.workers().length === 3 && !server.workers().includes(leaking), {
        deadlineMs: 30_000,
        what: 'a replacement',
      })
      await everyoneServes(server)
      await load.stop()
      expect(server.stderr()).toContain('it has had no free descriptor for a while')
      expect(server.stderr()).not.toContain(' died"')
      expect(load.losses).toEqual([])
    })

    it('the primary keeps its workers and replaces dead ones later, and connected clients notice nothing', async () => {
      await using server = await startFaulty(['--workers', '3'])
      await using load = startLoad(server.url, { clients: 6 })
      await everyoneAnswers(load, server.workers)
      const dead = server.workers().find((pid) => load.answers.has(pid)) ?? 0
      await limit(server.pid, none)
      process.kill(dead, 'SIGKILL')
      await server.waitFor(/No process could be started for worker \d: .*EMFILE/)
      expect(await isServed(server.url)).toBe(false)
      await limit(server.pid, 1_024)
      await waitUntil(() => server.workers().length === 3, { deadlineMs: 30_000, what: 'a replacement' })
      await everyoneServes(server)
      await load.stop()
      expect(load.losses.filter(({ worker }) => worker !== dead && worker !== null)).toEqual([])
      server.signal('SIGTERM')
      expect(await server.finished()).toMatchObject({ code: 0 })
    })
  },
)

/** Open descriptors stay open. */
const none = 3

/** Sets the soft limit of a running process. */
async function limit(pid: number, descriptors: number): Promise<void> {
  const { code, stderr } = await run('prlimit', ['--pid', String(pid), `--nofile=${descriptors}:`])
  expect(code, stderr).toBe(0)
}

async function isServed(url: string): Promise<boolean> {
  return fetch(url, { headers: { connection: 'close' }, signal: AbortSignal.timeout(5_000) }).then(
    () => true,
    () => false,
  )
}
