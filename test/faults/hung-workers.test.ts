import { describe, expect, it } from 'vitest'
import { everyoneAnswers, everyoneServes, startFaulty } from '../support/faulty-cluster.ts'
import { startLoad } from '../support/steady-load.ts'
import { waitUntil } from '../support/wait-until.ts'

const clients = 8

describe('a worker that does not answer', () => {
  it.each([
    { how: 'loops forever', stop: false, says: /"stack":" {4}at \/loop \(.*faulty\.js/ },
    { how: 'is stopped by SIGSTOP', stop: true, says: /"stack":"it could not be looked at"/ },
  ])('because it $how is killed after the hang timeout, without harm to others', async ({ stop, says }) => {
    await using server = await startFaulty(['--workers', '3', '--hang-timeout', '1s'])
    await using load = startLoad(server.url, { clients })
    await everyoneAnswers(load, server.workers)
    const before = server.workers()
    const [first = 0] = before
    const hung = stop ? first : await server.provoke('/loop')
    if (stop) process.kill(hung, 'SIGSTOP')
    await waitUntil(() => server.workers().length === 3 && !server.workers().includes(hung), {
      deadlineMs: 10_000,
      what: 'a replacement',
    })
    await everyoneServes(server)
    await load.stop()
    expect(server.stderr()).toMatch(says)
    expect(server.workers().filter((pid) => before.includes(pid))).toHaveLength(2)
    expect(load.losses.filter(({ worker }) => worker !== hung && worker !== null)).toEqual([])
    expect(load.losses.length + load.retries).toBeLessThanOrEqual(clients)
  })

  it('is not killed if the whole machine was suspended for longer than the hang timeout', async () => {
    await using server = await startFaulty(['--workers', '3', '--hang-timeout', '500ms'])
    await using load = startLoad(server.url, { clients })
    await everyoneAnswers(load, server.workers)
    const workers = server.workers()
    const processes = server.processes()
    for (const pid of processes) process.kill(pid, 'SIGSTOP')
    const suspended = performance.now()
    await waitUntil(() => performance.now() - suspended > 1_500, { what: 'the machine to be suspended' })
    // Waking the workers first would be the easier order. So the primary wakes first, and finds all of them silent.
    for (const pid of processes) process.kill(pid, 'SIGCONT')
    const resumed = performance.now()
    await waitUntil(() => performance.now() - resumed > 1_500, { what: 'looks of the primary' })
    await everyoneAnswers(load, server.workers)
    await load.stop()
    expect(server.workers()).toEqual(workers)
    expect(load.losses).toEqual([])
    expect(server.stderr()).not.toContain('blocks its event loop')
  })
})
