import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { launch } from '@lockstep/core'
import { describe, expect, it } from 'vitest'
import { write } from '../support/certificates.ts'
import { exchange, header } from '../support/exchange.ts'
import { failedLaunch } from '../support/failed-launch.ts'
import { runLockstep, startLockstep } from '../support/lockstep.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

/** As OpenTelemetry does: it patches the servers of Node, and changes modules while they are loaded. */
const instrument = `
  import http from 'node:http'
  import { registerHooks } from 'node:module'
  const { emit } = http.Server.prototype
  http.Server.prototype.emit = function (event, request, response, ...rest) {
    if (event === 'request') response.setHeader('X-Traced', String(process.pid))
    return emit.call(this, event, request, response, ...rest)
  }
  registerHooks({
    load(url, context, next) {
      const loaded = next(url, context)
      return url.endsWith('/words.js') ? { ...loaded, source: String(loaded.source).replace('plain', 'instrumented') } : loaded
    },
  })
`

/** A folder with an app that imports a module of its own, and a package that only an import finds. */
function project(): string {
  const cwd = temporaryFolder()
  write(cwd, 'package.json', '{ "type": "module" }')
  write(cwd, 'words.js', "export const word = 'plain'\n")
  write(
    cwd,
    'app.js',
    "import { word } from './words.js'\nexport default (request, response) => response.end(word + ' ' + (globalThis.loaded ?? ''))\n",
  )
  write(cwd, 'instrument.mjs', instrument)
  write(cwd, 'old.cjs', "globalThis.loaded = (globalThis.loaded ?? '') + 'old'\n")
  const tracer = join(cwd, 'node_modules/tracer')
  mkdirSync(tracer, { recursive: true })
  write(
    tracer,
    'package.json',
    '{ "name": "tracer", "exports": { "./register": { "import": "./register.mjs" } } }',
  )
  write(tracer, 'register.mjs', "globalThis.loaded = (globalThis.loaded ?? '') + 'tracer'\n")
  return cwd
}

describe.each([
  { backend: 'single', args: ['--backend', 'single', '--port', '0'] },
  { backend: 'cluster', args: ['--backend', 'cluster', '--workers', '2', '--port', '0'] },
])('under $backend, a module that is imported before the app', ({ backend, args }) => {
  it('instruments the server and the modules of the app', async () => {
    const cwd = project()
    await using server = await startLockstep(['run', 'app.js', '--import', './instrument.mjs', ...args], {
      cwd,
    })
    const answer = await exchange(server.url)
    expect(answer).toMatchObject({ status: 200, body: 'instrumented ' })
    expect(server.processes()).toContain(Number(header(answer, 'X-Traced')))
    if (backend === 'single') return
    const before = server.processes()
    const reload = await runLockstep(['reload'], { env: { XDG_RUNTIME_DIR: server.runtimeFolder } })
    expect(reload).toMatchObject({ code: 0 })
    const replaced = await exchange(server.url)
    expect(replaced).toMatchObject({ body: 'instrumented ' })
    expect(before).not.toContain(Number(header(replaced, 'X-Traced')))
  })

  it('does the same when NODE_OPTIONS names it', async () => {
    const cwd = project()
    const env = { NODE_OPTIONS: '--import ./instrument.mjs' }
    await using server = await startLockstep(['run', 'app.js', ...args], { cwd, env })
    const answer = await exchange(server.url)
    expect(answer).toMatchObject({ status: 200, body: 'instrumented ' })
    expect(header(answer, 'X-Traced')).toBeDefined()
  })

  it('may be of CommonJS or of a package of the app, and comes in its turn', async () => {
    const cwd = project()
    await using server = await startLockstep(
      ['run', join(cwd, 'app.js'), '--import', 'tracer/register', '--require', join(cwd, 'old.cjs'), ...args],
      { cwd: temporaryFolder() },
    )
    expect(await exchange(server.url)).toMatchObject({ body: 'plain tracerold' })
  })

  it('fails by its own name', async () => {
    const cwd = project()
    write(cwd, 'broken.mjs', "throw new Error('no collector')\n")
    await failedLaunch(['run', 'app.js', '--import', './broken.mjs', ...args], {
      cwd,
      code: 'LOCKSTEP_ERR_APP_LOAD',
      says: [`${join(cwd, 'broken.mjs')} fails while it is loaded before the app: Error: no collector`],
    })
  })
})

it.each([
  {
    given: './nowhere.mjs',
    says: ['There is no file', 'nowhere.mjs to import before the app', 'Correct the path'],
  },
  {
    given: 'instrument.mjs',
    says: ['There is no package instrument.mjs', 'A file is named by a path: ./instrument.mjs'],
  },
  { given: 'no-such-tracer', says: ['There is no package no-such-tracer', 'Install it where the app is'] },
])('a module that is not found is refused: $given', async ({ given, says }) => {
  await failedLaunch(['run', 'app.js', '--import', given], {
    cwd: project(),
    code: 'LOCKSTEP_ERR_IMPORT_NOT_FOUND',
    says: [...says, 'Set by --import'],
  })
})

it('a module cannot be imported before an app in memory', async () => {
  const app = (_request: unknown, response: { end(): void }): void => response.end()
  await expect(launch({ app, port: 0, import: join(project(), 'instrument.mjs') })).rejects.toMatchObject({
    code: 'LOCKSTEP_ERR_OPTION_CONFLICT',
  })
})
