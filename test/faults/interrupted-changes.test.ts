import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { everyoneAnswers, everyoneServes, startFaulty } from '../support/faulty-cluster.ts'
import { fixtures, runLockstep, startLockstep } from '../support/lockstep.ts'
import { childrenOf } from '../support/processes.ts'
import { startLoad } from '../support/steady-load.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { waitUntil } from '../support/wait-until.ts'

describe('a reload', () => {
  it('during another one runs after it, once for all callers, and loses nothing', async () => {
    await using server = await startFaulty(['--workers', '2', '--log-level', 'debug'])
    await using load = startLoad(server.url)
    await everyoneAnswers(load, server.workers)
    const begun = (): number => (server.stderr().match(/"message":"reloading"/g) ?? []).length
    const done = (): number =>
      (server.stderr().match(/"message":"reloaded: every worker was replaced"/g) ?? []).length
    server.signal('SIGHUP')
    await waitUntil(() => begun() === 1, { what: 'the first reload' })
    const verbs = Array.from({ length: 3 }, () =>
      runLockstep(['reload', '--json'], {
        env: { XDG_RUNTIME_DIR: server.runtimeFolder },
        deadlineMs: 60_000,
      }),
    )
    expect((await Promise.all(verbs)).map(({ code }) => code)).toEqual([0, 0, 0])
    expect(done()).toBeLessThanOrEqual(4)
    expect(done()).toBeGreaterThanOrEqual(2)
    await everyoneServes(server)
    await load.stop()
    expect(load.losses).toEqual([])
  })

  it('is refused during a stop, which continues', async () => {
    await using server = await startLockstep(['run', 'apps/switches.js', '--port', '0', '--workers', '2'])
    const slow = await fetch(`${server.url}slow?ms=3000`)
    server.signal('SIGTERM')
    await server.waitFor('stopping')
    server.signal('SIGHUP')
    const env = { XDG_RUNTIME_DIR: server.runtimeFolder }
    const { code, stderr } = await runLockstep(['reload'], { env })
    expect(code).toBe(11)
    expect(stderr).toContain('LOCKSTEP_ERR_RELOAD_REFUSED')
    expect(await slow.text()).toMatch(/^\d+$/)
    expect(await server.finished()).toMatchObject({ code: 0 })
    expect(server.stderr()).not.toContain('reload')
  })

  it('is interrupted by a stop, and leaves no process behind', async () => {
    await using server = await startFaulty(['--workers', '3', '--log-level', 'debug'])
    server.signal('SIGHUP')
    await waitUntil(() => childrenOf(server.pid).length > 3, { what: 'a new worker' })
    server.signal('SIGTERM')
    expect(await server.finished()).toMatchObject({ code: 0 })
    expect(server.processes()).toEqual([])
    expect(server.stderr()).not.toContain('reload failed')
  })

  it('fails if the configuration file was removed, and the old settings stay in use', async () => {
    const cwd = temporaryFolder()
    const file = join(cwd, 'lockstep.config.json')
    const app = join(fixtures, 'apps/faulty.js')
    const config = JSON.stringify({
      app,
      port: 0,
      backend: 'cluster',
      workers: 2,
      timeouts: { keepAlive: '11s' },
    })
    writeFileSync(file, config)
    await using server = await startLockstep(['run'], { cwd })
    const before = childrenOf(server.pid)
    await using load = startLoad(server.url)
    await everyoneAnswers(load, () => before)
    rmSync(file)
    server.signal('SIGHUP')
    await server.waitFor('reload failed')
    expect(childrenOf(server.pid)).toEqual(before)
    writeFileSync(file, config)
    server.signal('SIGHUP')
    await server.waitFor('reloaded: every worker was replaced')
    await load.stop()
    expect(load.losses).toEqual([])
  })
})

describe('a stop', () => {
  it.each([
    { how: 'loads', env: {} },
    { how: 'blocks its event loop', env: { BLOCKS: '1' } },
  ])('while the app $how ends the launch with code 0 and leaves no process', async ({ env }) => {
    const args = ['run', 'apps/stops-in-boot.js', '--backend', 'cluster', '--workers', '2', '--port', '0']
    const { code, stdout } = await runLockstep(args, { env })
    expect(code).toBe(0)
    expect(stdout).toBe('')
  })
})
