import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  type LaunchError,
  type LaunchEvent,
  type LaunchFacts,
  type LaunchHooks,
  type LockstepConfig,
  launch,
} from '@lockstep/core'
import { describe, expect, it } from 'vitest'
import { fixtures, runLockstep, startLockstep } from '../support/lockstep.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { waitUntil } from '../support/wait-until.ts'

const alone = { config: false, envFile: false, environment: false } as const
const app = `${fixtures}apps/hello.js`
const quiet = { app, port: 0, log: { level: 'silent' } } as const satisfies LockstepConfig

const reasonOf = (launching: Promise<unknown>): Promise<LaunchError> =>
  launching.then(
    () => expect.unreachable('it was launched'),
    (error: LaunchError) => error,
  )

/** A folder with a typical configuration file. */
function configured(hooks: string): string {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'lockstep.config.mjs'), `export default { port: 0, hooks: { ${hooks} } }`)
  return folder
}

describe('the hooks of a launch', () => {
  it.each(['single', 'cluster'])('are called in order, between the events (%s)', async (backend) => {
    const seen: string[] = []
    const hooks: LaunchHooks = {
      beforeStart: async ({ addresses, ...facts }: LaunchFacts) => {
        seen.push(`beforeStart ${JSON.stringify(facts)} ${addresses.length}`)
        await new Promise((resolve) => setTimeout(resolve, 50))
        seen.push('beforeStart ended')
      },
      workerReady: ({ worker }) => seen.push(`workerReady ${worker}`),
      workerExit: ({ worker, code, expected }) => seen.push(`workerExit ${worker} ${code} ${expected}`),
      beforeStop: async ({ urgency, force }) => {
        const statusOf = async (path: string): Promise<number> =>
          (await fetch(new URL(path, handle.url))).status
        // Balancers see the stop before the hook runs, and all other paths are still served.
        await waitUntil(async () => (await statusOf('/ready')) === 503, { what: 'readiness to fail' })
        seen.push(`beforeStop ${urgency} ${force} ${await statusOf('/')}`)
      },
    }
    const onEvent = ({ type }: LaunchEvent): void => {
      if (!type.startsWith('worker:')) seen.push(type)
    }
    const handle = await launch(
      { ...quiet, backend, hooks, health: { ready: '/ready' } },
      { ...alone, onEvent },
    )
    await handle.stop()
    expect(seen).toEqual([
      'starting',
      `beforeStart {"name":null,"backend":"${backend}","workers":1,"scheme":"http","app":${JSON.stringify(app)}} 1`,
      'beforeStart ended',
      'workerReady 1',
      'listening',
      'verified',
      'ready',
      'stopping',
      'beforeStop graceful false 200',
      ...(backend === 'cluster' ? ['workerExit 1 0 true'] : []),
      'stopped',
    ])
  })

  it('may refuse the launch with a reason before anything is started', async () => {
    const seen: string[] = []
    const error = await reasonOf(
      launch(
        {
          ...quiet,
          hooks: {
            beforeStart: () => {
              throw new Error('not on Sundays')
            },
          },
        },
        { ...alone, onEvent: ({ type }) => seen.push(type) },
      ),
    )
    expect(error).toMatchObject({ code: 'LOCKSTEP_ERR_HOOK_BEFORE_START', exitCode: 6 })
    expect(error.message).toContain('not on Sundays.')
    expect(seen).toEqual(['starting', 'failed'])
  })

  it('are abandoned at the boot timeout', async () => {
    const never = { beforeStart: () => new Promise(() => undefined) }
    const late = launch({ ...quiet, hooks: never, timeouts: { boot: '200ms' } }, alone)
    expect(await reasonOf(late)).toMatchObject({ code: 'LOCKSTEP_ERR_HOOK_BEFORE_START' })
    const giveUp = new AbortController()
    const launching = launch({ ...quiet, hooks: never }, { ...alone, signal: giveUp.signal })
    giveUp.abort()
    expect(await reasonOf(launching)).toMatchObject({ code: 'LOCKSTEP_ERR_STOPPED' })
  })

  it('delay a stop at most by the graceful timeout, and not at all once it is forced', async () => {
    const hooks = { beforeStop: () => new Promise(() => undefined) }
    const late = await launch({ ...quiet, hooks, timeouts: { graceful: '400ms' } }, alone)
    await late.stop()
    const forced = await launch({ ...quiet, hooks }, alone)
    const began = performance.now()
    const graceful = forced.stop()
    await forced.stop({ force: true })
    await graceful
    expect(performance.now() - began).toBeLessThan(3_000)
  })

  it('get the urgency of the stop', async () => {
    const seen: unknown[] = []
    const hooks: LaunchHooks = { beforeStop: (stop) => seen.push(stop) }
    for (const options of [{ urgency: 'hurry' }, { urgency: 'kill' }, { force: true }] as const) {
      const handle = await launch({ ...quiet, hooks }, alone)
      await handle.stop(options)
    }
    expect(seen).toEqual([
      { urgency: 'hurry', force: true },
      { urgency: 'kill', force: true },
      { urgency: 'hurry', force: true },
    ])
  })

  it('are logged when they fail, and the server keeps running', async () => {
    const cwd = configured(`
      workerReady() { throw new Error('ready is wrong') },
      async workerExit() { throw new Error('exit is wrong') },
      beforeStop: () => Promise.reject(new Error('stop is wrong')),`)
    await using server = await startLockstep([app, '--workers', '2'], { cwd })
    expect((await fetch(server.url)).status).toBe(200)
    server.signal('SIGTERM')
    const { code, stderr } = await server.finished()
    expect(code).toBe(0)
    for (const wrong of ['ready is wrong', 'exit is wrong', 'stop is wrong']) expect(stderr).toContain(wrong)
  })

  it('of the API replace those of the configuration file', async () => {
    const directory = configured(`beforeStart() { throw new Error('of the file') }`)
    expect((await reasonOf(launch(quiet, { directory, environment: false }))).message).toContain(
      'of the file',
    )
    const seen: string[] = []
    const hooks = { beforeStart: () => seen.push('of the API') }
    await using _handle = await launch({ ...quiet, hooks }, { directory, environment: false })
    expect(seen).toEqual(['of the API'])
  })

  it.each([
    [
      'an unknown name',
      { beforStart: () => undefined },
      'LOCKSTEP_ERR_OPTION_UNKNOWN',
      /beforStart.*beforeStart/s,
    ],
    [
      'no function',
      { beforeStop: './hook.js' },
      'LOCKSTEP_ERR_OPTION_INVALID',
      /hooks\.beforeStop must be a function/,
    ],
    ['no object', 5, 'LOCKSTEP_ERR_OPTION_INVALID', /hooks must be an object of functions; found 5/],
  ])('are refused in the API: %s', async (_, hooks, code, text) => {
    const { faults } = await reasonOf(launch({ ...quiet, hooks } as unknown as LockstepConfig, alone))
    expect(faults.map((fault) => fault.code)).toEqual([code])
    expect(`${faults[0]?.message} ${faults[0]?.hint}`).toMatch(text)
  })

  it.each([
    ['a flag', ['--hooks', 'x'], {}, /--hooks is not an option/],
    ['a variable', [], { LOCKSTEP_HOOKS_BEFORE_START: 'x' }, /LOCKSTEP_HOOKS_BEFORE_START is not an option/],
  ])('cannot come from %s', async (_, flags, env, text) => {
    const { code, stderr } = await runLockstep([app, ...flags], { env })
    expect([code, stderr]).toEqual([2, expect.stringMatching(text)])
  })

  it('cannot be added or removed by a reload', async () => {
    const cwd = configured('')
    await using server = await startLockstep([app], { cwd })
    const config = join(cwd, 'lockstep.config.mjs')
    writeFileSync(config, 'export default { port: 0, hooks: { beforeStop() {} } }')
    server.signal('SIGHUP')
    await server.waitFor('The hook beforeStop was unset at the start and is set now')
  })

  it('are shown by the plan', async () => {
    const cwd = configured('beforeStart() {}, workerExit() {}')
    const { code, stdout } = await runLockstep(['plan', app], { cwd })
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^Hooks: beforeStart, workerExit$/m)])
  })

  it('match docs/events.md', async () => {
    const text = readFileSync(new URL('../../docs/events.md', import.meta.url), 'utf8')
    const source = /```ts\n([\s\S]*?)```/.exec(text)?.[1] ?? ''
    const cwd = temporaryFolder()
    writeFileSync(join(cwd, 'lockstep.config.ts'), source)
    writeFileSync(join(cwd, 'app.js'), readFileSync(app))
    const { code, stderr } = await runLockstep(['run'], { cwd, env: { WEB_CONCURRENCY: '5', PORT: '0' } })
    expect([code, stderr]).toEqual([6, expect.stringContaining('four workers at most')])
  })
})
