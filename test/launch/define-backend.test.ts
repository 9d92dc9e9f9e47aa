// What authors of backends rely on: a version, answers that see the plan, and error codes of their own.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type ErrorCode, LaunchError, type LockstepConfig, launch } from 'lockstep'
import {
  type BackendDefinition,
  createAppServer,
  defineBackend,
  honoured,
  loadApp,
  refused,
  singleBackend,
} from 'lockstep/backend'
import { describe, expect, it } from 'vitest'
import { fixtures, runLockstep } from '../support/lockstep.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const alone = { config: false, envFile: false, environment: false } as const
const quiet = { port: 0, log: { level: 'silent' } } as const satisfies LockstepConfig
const app = (_request: unknown, response: { end(text: string): void }): void => response.end('fine')
const definition: BackendDefinition = { ...singleBackend, apiVersion: 1, name: 'mine' }

describe('defineBackend()', () => {
  it('returns a backend that serves, and cannot be changed', async () => {
    const backend = defineBackend(definition)
    expect(Object.isFrozen(backend)).toBe(true)
    await using server = await launch({ ...quiet, app, backend }, alone)
    expect(await (await fetch(server.url)).text()).toBe('fine')
    expect(server.status().backend).toBe('mine')
  })

  it('refuses at once what is not a backend', () => {
    expect(() => defineBackend({ ...definition, start: undefined } as never)).toThrow(
      expect.objectContaining({
        code: 'LOCKSTEP_ERR_BACKEND_INVALID',
        message: 'What defineBackend() was given is not a ServerBackend: it lacks start().',
      }),
    )
  })

  it('refuses a feature in `lacks` that there is not', () => {
    expect(() => defineBackend({ ...definition, lacks: ['threads'] } as never)).toThrow(
      expect.objectContaining({
        code: 'LOCKSTEP_ERR_BACKEND_INVALID',
        message: expect.stringContaining(
          'in lacks only names of features (processes, revival, accept-watch, ',
        ),
      }),
    )
  })

  it.each([
    [2, 'Update Lockstep, or install an older version of the backend.'],
    [0, 'Install a newer version of the backend. Its author finds the changes in docs/writing-a-backend.md.'],
  ])('refuses version %i of the interface, with the cure', async (apiVersion, hint) => {
    const backend = { ...definition, apiVersion } as never
    const expected = {
      code: 'LOCKSTEP_ERR_BACKEND_VERSION',
      message: expect.stringContaining(`was written for version ${apiVersion} of the interface of backends`),
      hint,
      exitCode: 2,
    }
    expect(() => defineBackend(backend)).toThrow(expect.objectContaining(expected))
    await expect(launch({ ...quiet, app, backend }, alone)).rejects.toMatchObject(expected)
    // A module that was written for a Lockstep with another form of backends has none of the parts that are looked at else.
    const file = join(temporaryFolder(), 'other.mjs')
    writeFileSync(file, `export default { apiVersion: ${apiVersion} }`)
    await expect(launch({ ...quiet, app, backend: file }, alone)).rejects.toMatchObject(expected)
  })
})

describe('an answer of a support table', () => {
  const answering = (workers: BackendDefinition['support']['workers']) =>
    defineBackend({ ...definition, support: { ...singleBackend.support, workers } })

  it('sees the plan: what follows from other options, the app and the addresses', async () => {
    const seen: unknown[] = []
    const backend = answering((value, { plan, platform }) => {
      seen.push([value, platform, plan.timeouts.gracefulMs, plan.app?.kind, plan.addresses?.length, plan.tls])
      return plan.timeouts.gracefulMs > 5_000
        ? refused('its workers end within five seconds', 'Lower timeouts.graceful.')
        : honoured('in one thread')
    })
    const options = { ...quiet, app, backend, workers: 1 }
    await expect(launch({ ...options, timeouts: { graceful: '6s' } }, alone)).rejects.toMatchObject({
      code: 'LOCKSTEP_ERR_OPTION_REFUSED',
      hint: 'Lower timeouts.graceful.',
    })
    await (await launch({ ...options, timeouts: { graceful: '5s' } }, alone)).stop()
    expect(seen).toEqual([
      [1, process.platform, 6_000, 'memory', 1, null],
      [1, process.platform, 5_000, 'memory', 1, null],
    ])
  })

  it('lacks a part of the plan that is itself at fault, and that fault is reported', async () => {
    let sawTls = true
    const backend = answering((_value, { plan }) => {
      sawTls = 'tls' in plan
      return honoured('in one thread')
    })
    await expect(
      launch({ ...quiet, app, backend, tls: { cert: 'no-such.pem', key: 'no-such.pem' } }, alone),
    ).rejects.toMatchObject({ exitCode: 4 })
    expect(sawTls).toBe(false)
  })

  it.each([
    [
      'throws',
      () => JSON.parse('null').what,
      'support["workers"] of the backend mine has thrown: Cannot read',
    ],
    ['returns something else', () => true, 'support["workers"] of the backend mine returned true.'],
  ])('refuses the launch when it %s', async (_what, workers, message) => {
    const backend = answering(workers as never)
    await expect(launch({ ...quiet, app, backend }, alone)).rejects.toMatchObject({
      code: 'LOCKSTEP_ERR_BACKEND_INVALID',
      message: expect.stringContaining(message),
    })
  })

  it('refuses the option when it is missing', async () => {
    const backend = answering(() => undefined)
    await expect(launch({ ...quiet, app, backend, workers: 1 }, alone)).rejects.toMatchObject({
      code: 'LOCKSTEP_ERR_OPTION_REFUSED',
      message: expect.stringContaining('its support table has no answer for this option'),
    })
  })
})

describe('the address that an app asks for', () => {
  const backend = defineBackend({
    ...definition,
    async start(plan, host) {
      const { bootMs } = plan.timeouts
      const loaded = await loadApp(plan.app, { inMemory: host.app, bootMs })
      createAppServer({ plan, app: loaded, log: host.log, worker: null })
      throw new Error('it would bind now')
    },
  })
  const asking = { fetch: () => new Response('fine'), port: 18_081 }

  it('is refused where the backend would drop it', async () => {
    const log = { level: 'silent' } as const
    await expect(launch({ log, app: asking, backend }, alone)).rejects.toMatchObject({
      code: 'LOCKSTEP_ERR_APP_SERVER_SETTING',
      message: 'The app asks to be served by listen(18081), and the backend would drop that.',
      hint: expect.stringContaining('planOfApp(plan, app)'),
    })
  })

  it('is not asked for where the user sets host and port', async () => {
    await expect(launch({ ...quiet, host: '127.0.0.1', app: asking, backend }, alone)).rejects.toMatchObject({
      message: expect.stringContaining('it would bind now'),
    })
  })
})

describe('an error code of another author', () => {
  it('reaches the caller of launch(), with the exit code of its kind', async () => {
    const error = await launch({ ...quiet, app, backend: `${fixtures}backends/no-licence.js` }, alone).catch(
      (thrown: unknown) => thrown,
    )
    expect(error).toBeInstanceOf(LaunchError)
    const code: ErrorCode = 'X_NO_LICENCE'
    expect(error).toMatchObject({ code, exitCode: 3, hint: 'Put it into licence.txt.' })
  })

  it('is shown by the command, with the error behind it', async () => {
    const { code, stderr } = await runLockstep([
      'run',
      'apps/hello.js',
      '--backend',
      './backends/no-licence.js',
    ])
    expect(code).toBe(3)
    expect(stderr).toContain('No licence was found for the engine.')
    expect(stderr).toContain('X_NO_LICENCE')
    expect(stderr).toContain('Error: licence.txt is empty')
  })

  it('has exit code 1 without a kind', () => {
    expect(new LaunchError({ code: 'X_MINE', message: 'm', hint: 'h' }).exitCode).toBe(1)
  })

  it('must begin with X_: a code that Lockstep does not have is a mistake', () => {
    const cause = new Error('the real reason')
    const make = () =>
      new LaunchError({ code: 'ERR_STOPPED' as never, message: 'It was given up.', hint: '', cause })
    expect(make).toThrow(
      expect.objectContaining({
        name: 'TypeError',
        message: expect.stringContaining('It was given up.'),
        cause,
      }),
    )
  })
})
