import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { everyoneServes, startFaulty } from '../support/faulty-cluster.ts'
import { runLockstep } from '../support/lockstep.ts'
import { startLoad } from '../support/steady-load.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { waitUntil } from '../support/wait-until.ts'

describe('workers that fail while they load the app', () => {
  it('make the launch fail once, with the error of the app', async () => {
    const args = ['run', 'apps/throws-on-load.js', '--backend', 'cluster', '--workers', '3', '--port', '0']
    const { code, stderr } = await runLockstep(args)
    expect(code).toBe(3)
    expect(stderr.match(/LOCKSTEP_ERR_APP_LOAD/g)).toHaveLength(1)
  })

  it('do not end a serving worker even after ten failures, and start again once the app loads', async () => {
    const broken = join(temporaryFolder(), 'broken')
    await using server = await startFaulty(['--workers', '3'], { env: { BROKEN_WHILE: broken } })
    const [first = 0, second = 0, healthy = 0] = server.workers()
    writeFileSync(broken, '')
    for (const pid of [first, second]) process.kill(pid, 'SIGKILL')
    const failures = (): number =>
      (server.stderr().match(/"message":"worker \d failed to start"/g) ?? []).length
    await waitUntil(() => !server.workers().includes(first) && !server.workers().includes(second), {
      what: 'both to be gone',
    })
    await using load = startLoad(server.url)
    await waitUntil(() => failures() >= 10, {
      deadlineMs: 60_000,
      what: () => `ten failures, not ${failures()}`,
    })
    await server.waitFor('"message":"degraded: worker')
    expect(server.workers()).toContain(healthy)
    rmSync(broken)
    await waitUntil(() => server.workers().length === 3, { deadlineMs: 60_000, what: 'all workers' })
    await everyoneServes(server)
    await load.stop()
    expect([...load.answers.keys()]).toContain(healthy)
    expect(load.losses).toEqual([])
  }, 120_000)
})
