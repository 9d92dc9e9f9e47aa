import { writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { type LaunchError, type LaunchEvent, type LockstepConfig, launch } from '@lockstep/core'
import { type ServerBackend, singleBackend } from '@lockstep/core/backend'
import { eventDocs } from '@lockstep/core/internal'
import { describe, expect, it } from 'vitest'
import { fixtures } from '../support/lockstep.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const alone = { config: false, envFile: false, environment: false } as const
const quiet = { port: 0, log: { level: 'silent' } } as const satisfies LockstepConfig
const app = (_request: unknown, response: { end(text: string): void }): void => response.end('fine')

/** Resolves with true when the port takes connections. */
function isOpen(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  return new Promise((resolve) => {
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
  }).then((open) => {
    socket.destroy()
    return open === true
  })
}

describe('launch()', () => {
  it('emits its events in order, before and after it resolves', async () => {
    const seen: LaunchEvent['type'][] = []
    const handle = await launch(
      { ...quiet, app: `${fixtures}apps/hello.js`, workers: 2 },
      { ...alone, onEvent: ({ type }) => seen.push(type) },
    )
    expect(seen).toEqual(['starting', 'worker:ready', 'worker:ready', 'listening', 'verified', 'ready'])
    await handle.stop()
    expect(seen.slice(6).sort()).toEqual(['stopped', 'stopping', 'worker:exited', 'worker:exited'])
    expect(seen.at(-1)).toBe('stopped')
  })

  it('fails once, and leaves nothing bound, when the backend throws at the announcement', async () => {
    let port = 0
    const backend: ServerBackend = {
      ...singleBackend,
      async start(plan, host) {
        const announced = (): never => {
          throw new Error('not ready after all')
        }
        return { ...(await singleBackend.start(plan, host)), announced }
      },
    }
    const seen: LaunchEvent['type'][] = []
    const onEvent = (event: LaunchEvent): void => {
      seen.push(event.type)
      if (event.type === 'listening' && event.addresses[0]?.kind === 'tcp') port = event.addresses[0].port
    }
    await expect(launch({ ...quiet, app, backend }, { ...alone, onEvent })).rejects.toThrow(
      'not ready after all',
    )
    await new Promise(setImmediate)
    expect(seen).toEqual(['starting', 'worker:ready', 'listening', 'verified', 'failed'])
    expect(await isOpen(port)).toBe(false)
  })

  it('returns a handle with its addresses, its workers and its state', async () => {
    const handle = await launch({ ...quiet, app: `${fixtures}apps/hello.js`, workers: 2, name: 'two' }, alone)
    expect(handle.status()).toMatchObject({
      state: 'ready',
      backend: 'cluster',
      name: 'two',
      urls: handle.urls,
      certificate: null,
    })
    expect(handle.workers.map(({ id, state, restarts }) => [id, state, restarts])).toEqual([
      [1, 'ready', 0],
      [2, 'ready', 0],
    ])
    expect(await (await fetch(handle.url)).text()).toMatch(/^hello from/)
    await Promise.all([handle.stop(), handle.stop()])
    await handle.stop()
    expect(handle.status()).toMatchObject({ state: 'stopped', workers: [] })
    expect(await handle.stopped).toEqual({ error: null })
  })

  it('returns a handle with the URL and the port of its first address', async () => {
    const folder = temporaryFolder()
    await using both = await launch({ app, bind: ['127.0.0.1:0', '[::1]:0'], log: quiet.log }, alone)
    expect(both.url).toBe(`http://127.0.0.1:${both.port}/`)
    await using socket = await launch({ app, bind: `unix:${join(folder, 's')}`, log: quiet.log }, alone)
    expect([socket.url, socket.port]).toEqual([`unix:${join(folder, 's')}`, null])
  })

  it('calls a listener of once() for the next event alone', async () => {
    await using handle = await launch({ ...quiet, app: `${fixtures}apps/hello.js`, workers: 2 }, alone)
    const seen: string[] = []
    handle.once('worker:replaced', () => seen.push('once'))
    handle.once('worker:replaced', () => seen.push('removed'))()
    handle.on('worker:replaced', () => seen.push('each'))
    await handle.restart(1)
    await handle.restart(2)
    expect(seen).toEqual(['once', 'each', 'each'])
  })

  it('returns its events to a loop, which ends with the server', async () => {
    const handle = await launch({ ...quiet, app }, alone)
    const seen: LaunchEvent['type'][] = []
    const all = handle.events()
    const first = handle.events()
    void handle.stop()
    for await (const { type } of all) seen.push(type)
    expect(seen).toEqual(['stopping', 'stopped'])
    for await (const { type } of first) {
      expect(type).toBe('stopping')
      break
    }
    expect(await first.next()).toEqual({ done: true, value: undefined })
    expect(await handle.events().next()).toEqual({ done: true, value: undefined })
  })

  it.each([
    ['stop()', [{}, {}], ['graceful']],
    ["stop({ urgency: 'hurry' })", [{ urgency: 'hurry' }, { urgency: 'hurry' }, {}], ['hurry']],
    ["stop({ urgency: 'kill' })", [{ urgency: 'kill' }, { urgency: 'hurry' }], ['kill']],
    ['a more urgent stop()', [{}, { urgency: 'hurry' }, { urgency: 'kill' }], ['graceful', 'hurry', 'kill']],
    ['the older stop({ force: true })', [{ force: true }, { force: true }], ['hurry', 'kill']],
  ] as const)(
    'stops with the urgency of %s, and becomes only more urgent',
    async (_what, calls, urgencies) => {
      const seen: string[] = []
      const handle = await launch({ ...quiet, app }, alone)
      handle.on('stopping', ({ urgency }) => seen.push(urgency))
      await Promise.all(calls.map((options) => handle.stop(options)))
      expect(seen).toEqual(urgencies)
    },
  )

  it('refuses to stop with an urgency that does not exist', async () => {
    await using handle = await launch({ ...quiet, app }, alone)
    const stopping = handle.stop({ urgency: 'now' as 'kill' })
    await expect(stopping).rejects.toMatchObject({ code: 'LOCKSTEP_ERR_OPTION_INVALID' })
    expect(handle.status().state).toBe('ready')
  })

  it('stops at the end of an await using block', async () => {
    let port = 0
    {
      await using handle = await launch({ ...quiet, app }, alone)
      const [address] = handle.addresses
      port = address?.kind === 'tcp' ? address.port : 0
      expect(await isOpen(port)).toBe(true)
    }
    expect(await isOpen(port)).toBe(false)
  })

  it('runs several servers in one process', async () => {
    await using first = await launch({ ...quiet, app }, alone)
    await using second = await launch({ ...quiet, app }, alone)
    expect(first.url).not.toBe(second.url)
    for (const { url } of [first, second]) expect(await (await fetch(url ?? '')).text()).toBe('fine')
  })

  it.each(['single', 'cluster'])('is aborted by its signal before the app is ready (%s)', async (backend) => {
    const giveUp = new AbortController()
    const launching = launch(
      { ...quiet, app: `${fixtures}apps/never-ready.js`, backend },
      { ...alone, signal: giveUp.signal },
    )
    setTimeout(() => giveUp.abort(), 300)
    await expect(launching).rejects.toMatchObject({ code: 'LOCKSTEP_ERR_STOPPED' })
  })

  it.each(['single', 'cluster'])(
    'is aborted by its signal while it verifies, with nothing left bound (%s)',
    async (backend) => {
      const giveUp = new AbortController()
      let port = 0
      const launching = launch(
        { ...quiet, app: `${fixtures}apps/hello.js`, backend },
        {
          ...alone,
          signal: giveUp.signal,
          onEvent: (event) => {
            if (event.type !== 'listening') return
            const [address] = event.addresses
            port = address?.kind === 'tcp' ? address.port : 0
            giveUp.abort()
          },
        },
      )
      await expect(launching).rejects.toMatchObject({ code: 'LOCKSTEP_ERR_STOPPED' })
      expect(port).toBeGreaterThan(0)
      expect(await isOpen(port)).toBe(false)
    },
  )

  it('calls and reads nothing of the host if its signal is already aborted', async () => {
    const folder = temporaryFolder()
    writeFileSync(
      join(folder, 'lockstep.config.mjs'),
      'globalThis.configWasRead = true\nexport default { workers: 0 }\n',
    )
    const called: string[] = []
    const call = (name: string) => (): void => void called.push(name)
    const launching = launch(
      {
        ...quiet,
        app: call('app'),
        hooks: { beforeStart: call('beforeStart'), beforeStop: call('beforeStop') },
      },
      { directory: folder, environment: {}, signal: AbortSignal.abort(), onEvent: call('onEvent') },
    )
    await expect(launching).rejects.toMatchObject({ code: 'LOCKSTEP_ERR_STOPPED' })
    expect(called).toEqual([])
    expect(globalThis).not.toHaveProperty('configWasRead')
  })

  it('does not call beforeStart when its signal is aborted while it prepares', async () => {
    const giveUp = new AbortController()
    const called: string[] = []
    const launching = launch(
      { ...quiet, app, hooks: { beforeStart: () => called.push('beforeStart') } },
      { ...alone, signal: giveUp.signal },
    )
    giveUp.abort()
    await expect(launching).rejects.toMatchObject({ code: 'LOCKSTEP_ERR_STOPPED' })
    expect(called).toEqual([])
  })

  it('does not call beforeStart when a listener aborts at the first event', async () => {
    const giveUp = new AbortController()
    const called: string[] = []
    const launching = launch(
      { ...quiet, app, hooks: { beforeStart: () => called.push('beforeStart') } },
      { ...alone, signal: giveUp.signal, onEvent: () => giveUp.abort() },
    )
    await expect(launching).rejects.toMatchObject({ code: 'LOCKSTEP_ERR_STOPPED' })
    expect(called).toEqual([])
  })

  it.each([
    { name: 'nowhere.js', options: {}, start: 'the current folder' },
    { name: './nowhere.js', options: { chdir: fixtures }, start: 'the folder of `chdir`' },
  ])('says where the path of an app that is not found starts: $start', async ({ name, options, start }) => {
    const hint = `This path starts at ${start}; \`new URL('${name}', import.meta.url)\` starts at the file that calls launch().`
    await expect(launch({ ...quiet, ...options, app: name }, alone)).rejects.toMatchObject({
      code: 'LOCKSTEP_ERR_APP_NOT_FOUND',
      faults: [{ hint: expect.stringContaining(hint) }],
    })
    const absolute = new URL(name, import.meta.url)
    await expect(launch({ ...quiet, ...options, app: absolute }, alone)).rejects.toMatchObject({
      code: 'LOCKSTEP_ERR_APP_NOT_FOUND',
      faults: [{ hint: expect.not.stringContaining('import.meta.url') }],
    })
  })

  it('rejects with every fault, each with its code, its source and its cure', async () => {
    const wrong = {
      ...quiet,
      app: './nowhere.js',
      workers: 0,
      tls: { clientAuth: 'require' },
      lgo: {},
    } as unknown as LockstepConfig
    const error = await launch(wrong, alone).then(
      () => null,
      (reason: LaunchError) => reason,
    )
    expect(error).toMatchObject({ name: 'LaunchError', code: 'LOCKSTEP_ERR_LAUNCH_FAULTS' })
    expect(error?.faults.map(({ code }) => code).sort()).toEqual([
      'LOCKSTEP_ERR_APP_NOT_FOUND',
      'LOCKSTEP_ERR_OPTION_INVALID',
      'LOCKSTEP_ERR_OPTION_UNKNOWN',
      'LOCKSTEP_ERR_TLS_WITHOUT_CERT',
    ])
    expect(error).toBeInstanceOf(AggregateError)
    expect(error?.errors.map(({ code, message }) => [code, message])).toEqual(
      error?.faults.map(({ code, message }) => [code, message]),
    )
    for (const { source, hint } of error?.faults ?? [])
      expect([source, hint]).toEqual([expect.stringContaining('launch()'), expect.stringMatching(/\S/)])
  })

  it('refuses an option for which a backend has no answer, and starts without it', async () => {
    const { backlog: _, ...support } = singleBackend.support
    const backend = { ...singleBackend, name: 'older', support }
    await expect(launch({ ...quiet, app, backend, backlog: 5 }, alone)).rejects.toMatchObject({
      code: 'LOCKSTEP_ERR_OPTION_REFUSED',
      message: expect.stringMatching(/older cannot honour backlog = 5 .*has no answer for this option/),
    })
    await using server = await launch({ ...quiet, app, backend }, alone)
    expect(await (await fetch(server.url)).text()).toBe('fine')
  })

  it('refuses a backend that answers with something else', async () => {
    const backend = { ...singleBackend, support: { ...singleBackend.support, backlog: true } } as never
    await expect(launch({ ...quiet, app, backend }, alone)).rejects.toMatchObject({
      code: 'LOCKSTEP_ERR_BACKEND_INVALID',
      message: expect.stringContaining('in support["backlog"]'),
    })
  })

  it('refuses an app in memory under cluster, with the cure', async () => {
    await expect(launch({ ...quiet, app, backend: 'cluster' }, alone)).rejects.toMatchObject({
      code: 'LOCKSTEP_ERR_OPTION_REFUSED',
      exitCode: 6,
      hint: expect.stringContaining("path of the app's module"),
    })
  })
})

describe('the names of the events', () => {
  it('are participles or adjectives, with what they are about before a colon', () => {
    const types = [...(eventDocs().split('## Hooks')[0] ?? '').matchAll(/^\| `([^`]+)` \|/gm)].map(
      ([, type = '']) => type,
    )
    expect(types).toContain('worker:exited')
    expect(types.filter((type) => !/^([a-z]+:)?([a-z]+(ed|ing)|ready)$/.test(type))).toEqual([])
  })
})
