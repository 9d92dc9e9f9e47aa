import { describe, expect, it } from 'vitest'
import { everyoneAnswers, startFaulty } from '../support/faulty-cluster.ts'
import { startLockstep } from '../support/lockstep.ts'
import { startLoad } from '../support/steady-load.ts'

describe.skipIf(process.platform !== 'linux')('a full disk', () => {
  it('loses lines of the access log but no request, and each worker reports it once', async () => {
    await using server = await startFaulty(['--workers', '2', '--access-log', '/dev/full'])
    await using load = startLoad(server.url)
    const workers = server.workers()
    await everyoneAnswers(load, server.workers)
    await load.stop()
    expect(load.losses).toEqual([])
    server.signal('SIGTERM')
    expect(await server.finished()).toMatchObject({ code: 0 })
    const told = server
      .stderr()
      .match(/"message":"the access log cannot be written: its lines are lost".*ENOSPC/g)
    expect(told).toHaveLength(workers.length)
  })

  it('does not change the exit code of a single process', async () => {
    const args = ['run', 'apps/faulty.js', '--backend', 'single', '--port', '0', '--access-log', '/dev/full']
    await using server = await startLockstep(args)
    await (await fetch(server.url)).text()
    server.signal('SIGTERM')
    expect(await server.finished()).toMatchObject({ code: 0 })
  })

  it('loses only the log on standard error: workers serve, die, are replaced and stop', async () => {
    // The shell finally replaces itself with the command.
    const through = ['sh', '-c', 'exec "$@" 2>/dev/full', 'sh']
    await using server = await startFaulty(['--workers', '2', '--log-level', 'debug'], { through })
    await using load = startLoad(server.url)
    await everyoneAnswers(load, server.workers)
    const dead = await server.provoke('/throw')
    await expect
      .poll(() => server.workers().filter((pid) => pid !== dead).length, { timeout: 20_000 })
      .toBe(2)
    const before = server.workers()
    server.signal('SIGHUP')
    await expect
      .poll(() => server.workers().some((pid) => before.includes(pid)), { timeout: 20_000 })
      .toBe(false)
    await load.stop()
    expect(load.losses.filter(({ worker }) => worker !== dead && worker !== null)).toEqual([])
    server.signal('SIGTERM')
    expect(await server.finished()).toMatchObject({ code: 0 })
  })
})
