import { join } from 'node:path'
import { launch } from 'lockstep'
import { describe, expect, it } from 'vitest'
import { write } from '../support/certificates.ts'
import { beginLockstep, fixtures } from '../support/lockstep.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const hello = join(fixtures, 'apps/hello.js')
/** Code that keeps its process alive and never ends. */
const endless = "console.error('loading')\nsetInterval(() => {}, 1_000)\nawait new Promise(() => {})"
const loading = {
  'a configuration file': { file: 'lockstep.config.mjs', args: [] },
  'a backend': { file: 'own.mjs', args: ['--backend', './own.mjs'] },
}

describe.each(Object.entries(loading))('a stop while code of %s is loaded', (_, { file, args }) => {
  it.each(['SIGINT', 'SIGTERM'] as const)('by %s ends `run` with 0 and without an error', async (signal) => {
    const cwd = temporaryFolder()
    write(cwd, file, endless)
    const run = beginLockstep(['run', hello, '--port', '0', ...args], { cwd })
    await run.waitFor('loading')
    process.kill(run.pid, signal)
    expect(await run.ended).toMatchObject({ code: 0, stdout: '', stderr: 'loading\n' })
    expect(run.processes()).toEqual([])
  })

  it.each(['check', 'plan'])('ends `%s` by its signal', async (command) => {
    const cwd = temporaryFolder()
    write(cwd, file, endless)
    const run = beginLockstep([command, hello, ...args], { cwd })
    await run.waitFor('loading')
    process.kill(run.pid, 'SIGINT')
    expect(await run.ended).toMatchObject({ signal: 'SIGINT', stdout: '', stderr: 'loading\n' })
    expect(run.processes()).toEqual([])
  })
})

it('launch() that is aborted while code of its configuration file is loaded rejects at once', async () => {
  const directory = temporaryFolder()
  const giveUp = new AbortController()
  const begun = Promise.withResolvers<void>()
  Object.assign(globalThis, { configurationBegins: begun.resolve })
  write(directory, 'lockstep.config.mjs', 'configurationBegins()\nawait new Promise(() => {})')
  const launching = launch({ app: hello, port: 0 }, { directory, signal: giveUp.signal })
  await begun.promise
  giveUp.abort()
  await expect(launching).rejects.toMatchObject({ code: 'LOCKSTEP_ERR_STOPPED' })
})
