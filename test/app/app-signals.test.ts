// The app's own listeners for the signals that stop a server. `packages/core/src/app/app-signals.ts` describes the trick that hides
// them from Node. If the trick stops working, the first of these tests fails.
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { launch } from '@lockstep/core'
import { describe, expect, it } from 'vitest'
import { runLockstep, type Started, startLockstep } from '../support/lockstep.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { waitUntil } from '../support/wait-until.ts'

function start(backend: string, mode: string, ...more: readonly string[]): Promise<Started> {
  return startLockstep(['run', 'apps/ends-itself.js', '--port', '0', '--backend', backend, ...more], {
    env: { MODE: mode },
  })
}

const said = (server: Started): string[] =>
  server
    .stdout()
    .split('\n')
    .filter((line) => line.startsWith('app: '))
    .map((line) => line.slice('app: '.length))

async function slowRequest(server: Started): Promise<{ answer: Promise<string> }> {
  const response = await fetch(new URL('/slow', server.url))
  return { answer: response.text() }
}

const backends = ['single', 'cluster'] as const

describe.each(backends)('a listener of the app for SIGTERM, under %s', (backend) => {
  it.each([
    ['exits', 'exit', ['exit']],
    ['exits later', 'flush', ['flushed', 'exit']],
    ['removes itself and sends the signal again', 'kills-itself', ['exit']],
    ['closes a server that never listened', 'closes-server', ['ERR_SERVER_NOT_RUNNING', 'exit']],
    ['throws', 'fails', ['exit']],
    ['rejects', 'rejects', ['exit']],
    ['leaves nothing to do', 'nothing-left', ['flushed', 'beforeExit', 'exit']],
  ])('that %s is called once, after the drain', async (_what, mode, then) => {
    await using server = await start(backend, mode)
    const { answer } = await slowRequest(server)
    server.signal('SIGTERM')
    expect(await answer).toBe('done')
    expect(await server.finished()).toMatchObject({ code: 0, signal: null })
    expect(said(server)).toEqual(['answers', 'SIGTERM 15', ...then])
    expect(server.stderr()).toMatch(/stopped/)
    if (mode === 'fails' || mode === 'rejects')
      expect(server.stderr()).toContain(`the listener ${mode.slice(0, 3)}`)
  })

  it('that never exits is waited for until the graceful timeout', async () => {
    await using server = await start(backend, 'stays', '--graceful-timeout', '1s')
    const began = performance.now()
    server.signal('SIGTERM')
    expect(await server.finished()).toMatchObject({ code: 0 })
    expect(performance.now() - began).toBeGreaterThan(700)
    expect(server.stderr()).toContain('the app did not end in time after SIGTERM')
  })

  it('that never exits is ended by a second stop', async () => {
    await using server = await start(backend, 'stays')
    server.signal('SIGTERM')
    await server.waitFor('app: SIGTERM')
    await waitUntil(
      () => {
        server.signal('SIGTERM')
        return server.stderr().includes('stopping at once')
      },
      { what: 'the second signal to be taken' },
    )
    expect(await server.finished(10_000)).toMatchObject({ code: 130, signal: null })
  })

  it('gets the signal that was sent: SIGINT to every process, as Ctrl-C sends it', async () => {
    await using server = await start(backend, 'exit')
    const { answer } = await slowRequest(server)
    for (const pid of server.processes()) process.kill(pid, 'SIGINT')
    expect(await answer).toBe('done')
    expect(await server.finished()).toMatchObject({ code: 0, signal: null })
    expect(said(server)).toEqual(['answers', 'SIGINT 2', 'exit'])
  })

  it('is also kept if a preloaded module registered it', async () => {
    const folder = temporaryFolder()
    const preload = join(folder, 'preload.mjs')
    writeFileSync(
      preload,
      `process.once('SIGTERM', () => { console.log('app: preloaded'); process.exit(0) })`,
    )
    await using server = await startLockstep(
      ['run', 'apps/answers-slowly.js', '--port', '0', '--backend', backend],
      { env: { NODE_OPTIONS: `--import=${preload}` } },
    )
    server.signal('SIGTERM')
    expect(await server.finished()).toMatchObject({ code: 0, signal: null })
    expect(said(server)).toContain('preloaded')
    expect(server.stderr()).toContain('stopped')
  })

  it.each([
    ['exits', 'exit'],
    ['leaves nothing to do', 'nothing-left'],
  ])('that %s ends the server at once for `lockstep stop`', async (_what, mode) => {
    await using server = await start(backend, mode)
    const stopped = await runLockstep(['stop'], { env: { XDG_RUNTIME_DIR: server.runtimeFolder } })
    expect(stopped).toMatchObject({ code: 0, stdout: `✓ The server has stopped, process ${server.pid}.\n` })
    expect(await server.finished()).toMatchObject({ code: 0, signal: null })
    expect(server.stderr()).not.toContain('did not end in time')
  })

  it('lists only the listeners of the app', async () => {
    await using server = await start(backend, 'exit')
    expect(await (await fetch(server.url)).text()).toBe('1')
  })

  it('leaves no PID file behind when it ends the process', async () => {
    const pidFile = join(temporaryFolder(), 'server.pid')
    await using server = await start(backend, 'exit', '--pid-file', pidFile)
    server.signal('SIGTERM')
    await server.finished()
    expect(existsSync(pidFile)).toBe(false)
  })
})

it('a worker that is replaced calls the listeners of its app for SIGTERM', async () => {
  await using server = await start('cluster', 'flush')
  server.signal('SIGHUP')
  await waitUntil(() => said(server).includes('exit'), { what: 'the old worker to end' })
  expect(said(server)).toEqual(['SIGTERM 15', 'flushed', 'exit'])
})

it('launch() leaves the process of its host as it is', async () => {
  const methods = ['on', 'once', 'off', 'listeners', 'removeAllListeners', 'kill'] as const
  const before = methods.map((name) => process[name])
  const listeners = process.listeners('SIGTERM')
  await using _server = await launch(
    {
      app: (_request: unknown, response: { end(): void }) => response.end(),
      port: 0,
      backend: 'single',
      log: { level: 'silent' },
    },
    { config: false, envFile: false, environment: false },
  )
  expect(methods.map((name) => process[name])).toEqual(before)
  expect(process.listeners('SIGTERM')).toEqual(listeners)
})
