import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { startFaulty } from '../support/faulty-cluster.ts'
import { runLockstep, type Started, startLockstep } from '../support/lockstep.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { waitUntil } from '../support/wait-until.ts'

/** What a command about that server writes. */
async function told(server: Started, ...args: readonly string[]): Promise<string> {
  const { stdout } = await runLockstep(args, { env: { XDG_RUNTIME_DIR: server.runtimeFolder } })
  return stdout
}

it('lockstep status and ps say when no worker serves, and when workers serve again', async () => {
  const broken = join(temporaryFolder(), 'broken')
  await using server = await startFaulty(['--workers', '2'], { env: { BROKEN_WHILE: broken } })
  writeFileSync(broken, '')
  for (const pid of server.workers()) process.kill(pid, 'SIGKILL')
  await server.waitFor(/"message":"degraded: worker 1/)
  await server.waitFor(/"message":"degraded: worker 2/)
  const status = await told(server, 'status')
  expect(status).toMatch(/ {2}no worker serves\n/)
  expect(status).toMatch(/workers +0 of 2 serve\n/)
  expect(status).toContain('in a row and is tried again: ')
  expect(status).not.toContain('ready')
  expect(await told(server, 'ps')).toMatch(/ no worker serves +cluster +0\/2 /)

  rmSync(broken)
  await waitUntil(async () => / 2\/2 /.test(await told(server, 'ps')), {
    deadlineMs: 60_000,
    what: 'both workers',
  })
  const later = await told(server, 'status')
  expect(later).toContain('  ready, degraded\n')
  expect(later).toContain('in a row and now serves again: ')
  expect(later).not.toMatch(/tried again|of 2/)
}, 120_000)

it('lockstep status says when a reload failed, until one succeeds', async () => {
  const broken = join(temporaryFolder(), 'broken')
  await using server = await startFaulty(['--workers', '2'], { env: { BROKEN_WHILE: broken } })
  writeFileSync(broken, '')
  const before = new Date().toISOString()
  await told(server, 'reload')
  const [, at = ''] =
    /reload failed +(\S+) \(by `lockstep reload`\): /.exec(await told(server, 'status')) ?? []
  expect(at >= before && at <= new Date().toISOString()).toBe(true)
  rmSync(broken)
  await told(server, 'reload')
  const status = await told(server, 'status')
  expect(status).not.toContain('reload failed')
  expect(status).toMatch(/reloaded +\S+ \(by `lockstep reload`\)/)
})

it('lockstep reopen-logs says which of the processes are no longer among the workers', async () => {
  const log = join(temporaryFolder(), 'access.log')
  await using server = await startLockstep([
    ...['run', 'apps/switches.js', '--port', '0', '--workers', '2', '--access-log', log],
  ])
  const leaving = new AbortController()
  const slow = await fetch(new URL('/slow?ms=60000', server.url), { signal: leaving.signal })
  await told(server, 'reload')
  expect(await told(server, 'reopen-logs')).toBe(
    `✓ ${log} was opened again by 3 processes (1 of them drains).\n`,
  )
  expect(JSON.parse(await told(server, 'reopen-logs', '--json'))).toMatchObject({ processes: 3, draining: 1 })
  await server.waitFor(/"draining":1.*"processes":3/)
  expect(await told(server, 'ps')).toMatch(/ 2\/2 /)
  expect(slow.status).toBe(200)
  leaving.abort()
})
