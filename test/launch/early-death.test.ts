import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { freePort, reportedCodes } from '../support/failed-launch.ts'
import { runLockstep, startLockstep } from '../support/lockstep.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const app = 'apps/dies-late.js'
const flagsOf = {
  single: ['--backend', 'single'],
  cluster: ['--backend', 'cluster', '--workers', '2'],
} as const

it.each([
  ['cluster', 'throws', 'LOCKSTEP_ERR_APP_CRASH', 'Error: the database refused'],
  ['cluster', 'rejects', 'LOCKSTEP_ERR_APP_CRASH', 'Error: the database is late'],
  // A worker is ready when its guard is, which may be before or after that.
  [
    'cluster',
    'exits',
    'LOCKSTEP_ERR_WORKER_BOOT',
    /ended before (?:it was ready|the server was announced) \(exit code 5\)/,
  ],
  ['single', 'throws', 'LOCKSTEP_ERR_APP_CRASH', 'Error: the database refused'],
  ['single', 'rejects', 'LOCKSTEP_ERR_APP_CRASH', 'Error: the database is late'],
  ['single', 'exits', 'LOCKSTEP_ERR_WORKER_BOOT', /ended this process before it was ready \(exit code 5\)/],
] as const)(
  'under %s, an app that %s right after loading fails the launch with its own error',
  async (backend, dies, code, says) => {
    const { stderr, stdout, ...finished } = await runLockstep(
      ['run', app, '--port', '0', ...flagsOf[backend]],
      {
        env: { DIES: dies, AFTER_MS: '0' },
      },
    )
    expect(finished).toMatchObject({ code: 3, signal: null })
    expect(stdout).toBe('')
    expect(reportedCodes(stderr)).toEqual([code])
    expect(stderr).toMatch(says)
    if (code === 'LOCKSTEP_ERR_APP_CRASH') expect(stderr).toMatch(/\n +at .*dies-late\.js:\d+/)
  },
)

it('an app whose workers all open the same second port fails the launch', async () => {
  const { code, stderr } = await runLockstep(['run', app, '--port', '0', ...flagsOf.cluster], {
    env: { METRICS_PORT: String(await freePort()) },
  })
  expect(code).toBe(3)
  expect(reportedCodes(stderr)).toEqual(['LOCKSTEP_ERR_APP_LISTENS_ITSELF'])
  expect(stderr).toContain('lets another HTTP server listen')
})

it('an app that ends the process while it loads under single leaves no PID file and no control socket', async () => {
  const pidFile = join(temporaryFolder(), 'server.pid')
  const runtimeFolder = temporaryFolder()
  const { code, stderr } = await runLockstep(
    ['run', 'apps/exits-on-load.js', '--port', '0', ...flagsOf.single, '--pid-file', pidFile, '--control'],
    { env: { XDG_RUNTIME_DIR: runtimeFolder } },
  )
  expect(code).toBe(3)
  expect(reportedCodes(stderr)).toEqual(['LOCKSTEP_ERR_WORKER_BOOT'])
  expect([existsSync(pidFile), socketsIn(runtimeFolder)]).toEqual([false, []])
})

it.each(['throws', 'rejects', 'exits'] as const)(
  'an app that %s later under single leaves no PID file and no control socket',
  async (dies) => {
    const pidFile = join(temporaryFolder(), 'server.pid')
    await using server = await startLockstep(
      ['run', app, '--port', '0', ...flagsOf.single, '--pid-file', pidFile],
      { env: { DIES: dies, WHEN: 'asked' } },
    )
    expect([existsSync(pidFile), socketsIn(server.runtimeFolder).length]).toEqual([true, 1])
    await fetch(new URL('/die', server.url)).catch(() => undefined)
    expect((await server.finished()).code).not.toBe(0)
    expect([existsSync(pidFile), socketsIn(server.runtimeFolder).length]).toEqual([false, 0])
  },
)

it('does not interfere with an app that catches its exception', async () => {
  for (const flags of Object.values(flagsOf)) {
    await using server = await startLockstep(['run', app, ...flags, '--port', '0'], {
      env: { DIES: 'caught', AFTER_MS: '0' },
    })
    await server.waitFor('caught by the app')
    expect(await (await fetch(server.url)).text()).toBe('served')
  }
})

function socketsIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.sock'))
}
