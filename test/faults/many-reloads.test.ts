import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { type FaultyCluster, startFaulty } from '../support/faulty-cluster.ts'
import { runsEverything, whyLeftOut } from '../support/runs-everything.ts'
import { startLoad } from '../support/steady-load.ts'
import { waitUntil } from '../support/wait-until.ts'

const reloads = 200
/** By then the primary has loaded and compiled what a reload needs. */
const warmUp = 40

const title = `a server holds no more memory and descriptors after ${reloads} reloads, and loses no request`
it.skipIf(!runsEverything)(`${title}${whyLeftOut}`, { timeout: 180_000 }, async () => {
  // With small spaces for new and old objects, garbage does not look like a leak.
  await using server = await startFaulty(['--workers', '1', '--no-verify'], {
    env: { NODE_OPTIONS: '--max-semi-space-size=1 --max-old-space-size=48' },
  })
  await using load = startLoad(server.url, { clients: 2 })
  await reloadUpTo(server, warmUp)
  const before = held(server.pid)
  await reloadUpTo(server, reloads)
  await load.stop()
  await waitUntil(() => server.workers().length === 1, { what: 'the last of the old workers to end' })
  const after = held(server.pid)
  expect(load.losses).toEqual([])
  expect(after.descriptors).toBeLessThanOrEqual(before.descriptors)
  // 160 reloads that each kept 100 kB would be one.
  expect(after.memoryMb - before.memoryMb).toBeLessThan(16)
})

async function reloadUpTo(server: FaultyCluster, wanted: number): Promise<void> {
  const done = (): number => (server.stderr().match(/"reloaded: every worker was replaced"/g) ?? []).length
  while (done() < wanted) {
    const before = done()
    server.signal('SIGHUP')
    await waitUntil(() => done() > before, {
      what: () => `reload ${before + 1}: ${server.stderr().slice(-500)}`,
    })
  }
  await waitUntil(() => server.workers().length === 1, { what: 'the old workers to end' })
}

/** The memory and descriptors of a process, by proc(5). */
function held(pid: number): { descriptors: number; memoryMb: number } {
  const [, rss = ''] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return { descriptors: readdirSync(`/proc/${pid}/fd`).length, memoryMb: Number(rss) / 1_024 }
}
