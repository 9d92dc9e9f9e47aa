import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type LaunchError, type LockstepConfig, launch } from '@lockstep/core'
import { describe, expect, it } from 'vitest'
import { runLockstep, startLockstep } from '../support/lockstep.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const alone = { config: false, envFile: false, environment: false } as const
const quiet = { port: 0, log: { level: 'silent' } } as const satisfies LockstepConfig

/** A module that records its calls in `notes`, in the same folder. */
function moduleOf(source: string, { name = 'app.mjs' } = {}): { app: string; notes: () => string[] } {
  const folder = temporaryFolder()
  const app = join(folder, name)
  const notesFile = join(folder, 'notes')
  writeFileSync(notesFile, '')
  const preamble = name.endsWith('.cjs')
    ? `const { appendFileSync } = require('node:fs')`
    : `import { appendFileSync } from 'node:fs'`
  writeFileSync(
    app,
    `${preamble}\nconst note = (what) => appendFileSync(${JSON.stringify(notesFile)}, what + '\\n')\n${source}`,
  )
  return { app, notes: () => readFileSync(notesFile, 'utf8').split('\n').filter(Boolean) }
}

const handler = `(request, response) => response.end('fine')`
const reasonOf = (launching: Promise<unknown>): Promise<LaunchError> =>
  launching.then(
    () => expect.unreachable('it was launched'),
    (error: LaunchError) => error,
  )

describe('start and stop of an app', () => {
  it.each([
    [
      'ESM',
      'app.mjs',
      `export default ${handler}; export const start = () => note('start'); export const stop = () => note('stop')`,
    ],
    [
      'CommonJS',
      'app.cjs',
      `exports.app = ${handler}; exports.start = () => note('start'); exports.stop = () => note('stop')`,
    ],
    [
      'CommonJS from a compiler',
      'compiled.cjs',
      `Object.defineProperty(exports, '__esModule', { value: true }); exports.default = ${handler}; exports.start = () => note('start'); exports.stop = () => note('stop')`,
    ],
    [
      'beside fetch in a plain object',
      'app.mjs',
      `export default {
        fetch: () => new Response('fine'),
        own: { start: 'start', stop: 'stop' },
        start() { note(this.own.start) },
        stop() { note(this.own.stop) },
      }`,
    ],
  ])('are the exports of its module: %s', async (_, name, source) => {
    const { app, notes } = moduleOf(source, { name })
    const handle = await launch({ ...quiet, app: name === 'app.cjs' ? `${app}:app` : app }, alone)
    expect(notes()).toEqual(['start'])
    expect(await (await fetch(handle.url)).text()).toBe('fine')
    await handle.stop()
    expect(notes()).toEqual(['start', 'stop'])
  })

  it('run before a factory is called, and after the app has closed its own resources', async () => {
    const { app, notes } = moduleOf(`
      export const start = () => note('start')
      export const stop = () => note('stop')
      export default () => {
        note('factory')
        return { ready: async () => {}, routing: ${handler}, inject() {}, close: async () => note('close') }
      }`)
    const handle = await launch({ ...quiet, app }, alone)
    await handle.stop()
    expect(notes()).toEqual(['start', 'factory', 'close', 'stop'])
  })

  it.each([
    [
      'a method of the app',
      `export default Object.assign(${handler}, { start: () => note('start'), stop: () => note('stop') })`,
      '',
    ],
    [
      'a method of an instance with fetch',
      `class App { fetch = () => new Response('fine'); start = () => note('start'); stop = () => note('stop') }
       export default new App()`,
      '',
    ],
    ['the app itself', `export function start(request, response) { response.end('fine') }`, ':start'],
    ['no function', `export default ${handler}; export const start = 1; export const stop = 'x'`, ''],
  ])('are not taken from another export of that name: %s', async (_, source, exported) => {
    const { app, notes } = moduleOf(source)
    await using handle = await launch({ ...quiet, app: `${app}${exported}` }, alone)
    expect(await (await fetch(handle.url)).text()).toBe('fine')
    expect(notes()).toEqual([])
  })

  it.each(['single', 'cluster'])(
    "fail the boot with the app's own stack, and leave nothing behind (%s)",
    async (backend) => {
      const { app } = moduleOf(`
        export default ${handler}
        export async function start() { await connect() }
        async function connect() { throw new Error('no database') }`)
      const { code, stderr } = await runLockstep([app, '--backend', backend, '--port', '0'])
      expect(code).toBe(3)
      expect(stderr).toMatch(/fails in its start\(\): Error: no database\.\n.*\[LOCKSTEP_ERR_APP_START\]/s)
      expect(stderr).toMatch(/at connect \(.*app\.mjs/)
    },
  )

  it('release what start() has opened if there is no app to serve', async () => {
    const { app, notes } = moduleOf(
      `export default 5; export const start = () => note('start'); export const stop = () => note('stop')`,
    )
    expect((await reasonOf(launch({ ...quiet, app }, alone))).code).toBe('LOCKSTEP_ERR_APP_UNRECOGNISED')
    expect(notes()).toEqual(['start', 'stop'])
  })

  it('are abandoned at the boot timeout, and release what start() opens too late', async () => {
    const { app, notes } = moduleOf(`
      export default ${handler}
      export const start = ({ signal }) => new Promise((resolve) => signal.addEventListener('abort', () => {
        note('given up')
        setTimeout(resolve, 50)
      }))
      export const stop = () => note('stop')`)
    const { code } = await reasonOf(launch({ ...quiet, app, timeouts: { boot: '300ms' } }, alone))
    expect(code).toBe('LOCKSTEP_ERR_BOOT_TIMEOUT')
    await expect.poll(notes).toEqual(['given up', 'stop'])
  })

  it('delay the stop of the server at most until the deadline', async () => {
    const { app } = moduleOf(`export default ${handler}; export const stop = () => new Promise(() => {})`)
    const handle = await launch({ ...quiet, app, timeouts: { graceful: '700ms' } }, alone)
    const began = performance.now()
    await handle.stop()
    expect(performance.now() - began).toBeLessThan(3_000)
  })

  it('are logged when stop() fails, and the exit code stays 0', async () => {
    const { app } = moduleOf(
      `export default ${handler}; export async function stop() { throw new Error('will not close') }`,
    )
    await using server = await startLockstep([app, '--port', '0', '--workers', '2'])
    server.signal('SIGTERM')
    const { code, stderr } = await server.finished()
    expect(code).toBe(0)
    expect(stderr).toContain('will not close')
  })

  it('let an app close its WebSockets in its own way, using the signal', async () => {
    const { app } = moduleOf(`
      import { createServer } from 'node:http'
      import { WebSocketServer } from ${JSON.stringify(import.meta.resolve('ws'))}
      const server = createServer(${handler})
      const sockets = new WebSocketServer({ server })
      export default server
      export function start({ signal }) {
        signal.addEventListener('abort', () => {
          for (const socket of sockets.clients) socket.close(4001, 'see you')
        })
      }`)
    await using handle = await launch({ ...quiet, app, workers: 2 }, alone)
    const { WebSocket } = await import('ws')
    const socket = new WebSocket(handle.url.replace('http', 'ws'))
    const closed = new Promise((resolve) => {
      socket.once('close', (code, reason) => resolve([code, String(reason)]))
    })
    await new Promise((resolve) => socket.once('open', resolve))
    await handle.stop()
    expect(await closed).toEqual([4001, 'see you'])
  })
})
