import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { freePort } from '../support/failed-launch.ts'
import { runLockstep, type Started, startLockstep } from '../support/lockstep.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { waitUntil } from '../support/wait-until.ts'

function startCluster(env: Record<string, string>, flags: readonly string[] = []): Promise<Started> {
  return startLockstep(
    ['run', 'apps/hello.js', '--backend', 'cluster', '--port', '0', '--log-format', 'json', ...flags],
    { env },
  )
}

it('does not load preloads of the app in the guard of a worker, which has too little memory for them', async () => {
  const preload = join(temporaryFolder(), 'preload.cjs')
  // As compilers and agents do that are loaded for an app: more than the guard may hold.
  writeFileSync(
    preload,
    `require('node:fs').appendFileSync(${JSON.stringify(`${preload}.log`)}, process.pid + '\\n')
     globalThis.held = Array.from({ length: 200_000 }, (_, i) => ({ a: i, b: 'x' + i, c: [i] }))`,
  )
  await using server = await startCluster({ NODE_OPTIONS: `--require "${preload}"` })
  const [worker] = server.processes().filter((pid) => pid !== server.pid)
  // The guard answers, so it runs.
  const stacks = await runLockstep(['stacks'], { env: { XDG_RUNTIME_DIR: server.runtimeFolder } })
  expect(stacks.stdout).toContain(`worker 1 (${worker})  waits for events`)
  expect(await (await fetch(server.url)).text()).not.toBe('')
  server.signal('SIGTERM')
  expect(await server.finished()).toMatchObject({ code: 0 })
  expect(server.stderr()).not.toMatch(/died|guard/)
})

describe('the inspector of Node', () => {
  const listening = /Debugger listening on ws:\/\/127\.0\.0\.1:(\d+)\//g
  const portsOf = (server: Started): number[] =>
    Array.from(server.stderr().matchAll(listening), ([, port]) => Number(port))

  it('has a separate port in each worker, and in each replacement', async () => {
    const port = await freePort()
    await using server = await startCluster({ NODE_OPTIONS: `--inspect=${port}` }, ['--workers', '2'])
    await waitUntil(() => portsOf(server).length === 3, { what: () => `three ports in ${server.stderr()}` })
    expect(portsOf(server)[0]).toBe(port)
    expect(new Set(portsOf(server)).size).toBe(3)
    const reload = await runLockstep(['reload'], { env: { XDG_RUNTIME_DIR: server.runtimeFolder } })
    expect(reload.code).toBe(0)
    await waitUntil(() => portsOf(server).length === 5, { what: () => `five ports in ${server.stderr()}` })
    expect(server.stderr()).not.toContain('Starting inspector on')
  })

  it('is not open unless it was requested', async () => {
    await using server = await startCluster({ NODE_OPTIONS: '--no-warnings' })
    expect(await (await fetch(server.url)).text()).not.toBe('')
    expect(server.stderr()).not.toContain('Debugger')
  })
})
