import { describe, expect, it } from 'vitest'
import { everyoneAnswers, everyoneServes, startFaulty } from '../support/faulty-cluster.ts'
import { startLoad } from '../support/steady-load.ts'
import { waitUntil } from '../support/wait-until.ts'

/** How long a replacement may take on a busy machine. */
const replacementMs = 20_000

const clients = 8

describe('a worker that dies', () => {
  it.each([
    { how: 'throws asynchronously', fault: '/throw', end: '"code":1', says: 'thrown on purpose' },
    { how: 'leaves a rejection unhandled', fault: '/reject', end: '"code":1', says: 'rejected on purpose' },
    { how: 'exits with code 0', fault: '/exit', end: '"code":0', says: 'died' },
    { how: 'runs out of heap', fault: '/heap', end: '"signal":"SIGABRT"', says: 'heap out of memory' },
    { how: 'is killed by SIGKILL', fault: 'SIGKILL', end: '"signal":"SIGKILL"', says: 'died' },
  ])('because it $how loses only the requests that it was handling', async ({ fault, end, says }) => {
    const env = { NODE_OPTIONS: '--max-old-space-size=48' }
    await using server = await startFaulty(['--workers', '3'], { env })
    await using load = startLoad(server.url, { clients })
    await everyoneAnswers(load, server.workers)
    const before = server.workers()
    const [first = 0] = before
    const dead = fault === 'SIGKILL' ? first : await server.provoke(fault)
    if (fault === 'SIGKILL') process.kill(dead, 'SIGKILL')

    await waitUntil(() => server.workers().length === 3 && !server.workers().includes(dead), {
      deadlineMs: replacementMs,
      what: 'a replacement',
    })
    await server.waitFor(says)
    await everyoneServes(server)
    await load.stop()
    expect(server.workers().filter((pid) => before.includes(pid))).toHaveLength(2)
    expect(server.stderr()).toMatch(new RegExp(`"message":"worker \\d died".*${dead}`))
    expect(server.stderr()).toContain(end)
    expect(load.losses.filter(({ worker }) => worker !== dead && worker !== null)).toEqual([])
    expect(load.losses.length + load.retries).toBeLessThanOrEqual(clients)
  })
})
