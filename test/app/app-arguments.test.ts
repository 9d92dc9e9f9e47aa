import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { launch } from '@lockstep/core'
import { describe, expect, it } from 'vitest'
import { runLockstep, startLockstep } from '../support/lockstep.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

/** An app that parses its arguments as strictly as Node, yargs and commander do, and answers with the result. */
function strictApp(): { folder: string; file: string } {
  const folder = temporaryFolder()
  const file = join(folder, 'app.mjs')
  writeFileSync(
    file,
    `import { argv } from 'node:process'
import { parseArgs } from 'node:util'
const { values } = parseArgs({ options: { env: { type: 'string', default: 'dev' }, port: { type: 'string' } } })
export default (request, response) => response.end(JSON.stringify({ ...values, argv: argv.slice(0, 2) }))`,
  )
  return { folder, file }
}

const answerOf = async (url: string): Promise<unknown> => (await fetch(url)).json()

describe.each(['single', 'cluster'])('the arguments of an app under %s', (backend) => {
  const common = ['--port', '0', '--backend', backend]

  it('are the words after --, and never those of the launcher', async () => {
    const { folder, file } = strictApp()
    const inFolder = { cwd: folder }
    await using plain = await startLockstep(['run', 'app.mjs', ...common], inFolder)
    expect(await answerOf(plain.url)).toEqual({ env: 'dev', argv: [process.execPath, file] })
    await using given = await startLockstep(
      ['run', 'app.mjs', ...common, '--', '--env', 'prod', '--port=9'],
      inFolder,
    )
    expect(await answerOf(given.url)).toEqual({ env: 'prod', port: '9', argv: [process.execPath, file] })
  })

  it('come from a configuration file, a variable or the command line, in rising priority', async () => {
    const { folder } = strictApp()
    writeFileSync(join(folder, 'lockstep.config.json'), '{ "args": ["--env", "file"] }')
    await using fromFile = await startLockstep(['run', 'app.mjs', ...common], { cwd: folder })
    expect(await answerOf(fromFile.url)).toMatchObject({ env: 'file' })
    const env = { LOCKSTEP_ARGS: '--env variable' }
    await using fromVariable = await startLockstep(['run', 'app.mjs', ...common], { cwd: folder, env })
    expect(await answerOf(fromVariable.url)).toMatchObject({ env: 'variable' })
    await using none = await startLockstep(['run', 'app.mjs', ...common, '--'], { cwd: folder, env })
    expect(await answerOf(none.url)).toMatchObject({ env: 'dev' })
  })
})

it('check loads the app with the same arguments as run', async () => {
  const { folder } = strictApp()
  const checked = (...args: string[]) =>
    runLockstep(['check', 'app.mjs', '--backend', 'single', ...args], { cwd: folder })
  expect(await checked()).toMatchObject({ code: 0 })
  expect((await checked('--', '--unknown')).stderr).toContain("Unknown option '--unknown'")
})

it('a flag that only the app knows is refused, and the error says where to put it', async () => {
  const { stderr, code } = await runLockstep(['run', 'apps/hello.js', '--tenant', 'prod'])
  expect(code).toBe(2)
  expect(stderr).toContain('--tenant is not an option.')
  expect(stderr).toContain('after `--`')
})

it('an extra word is refused, and the error says where to put it', async () => {
  const { stderr, code } = await runLockstep(['run', 'apps/hello.js', 'prod'])
  expect(code).toBe(2)
  expect(stderr).toContain('after `--`')
})

it('plan shows the arguments and where they were set', async () => {
  const { stdout } = await runLockstep(['plan', 'apps/hello.js', '--', '--env', 'two words'])
  expect(stdout).toContain('args = --env "two words"')
})

describe('launch() under single', () => {
  const app = (_request: unknown, response: { end(): void }): void => response.end()
  const options = { app, port: 0, backend: 'single', log: { level: 'silent' } } as const
  const alone = { config: false, envFile: false, environment: false } as const

  it('does not change the arguments of its host', async () => {
    const before = [...process.argv]
    await using _server = await launch(options, alone)
    expect(process.argv).toEqual(before)
  })

  it('shows the app the arguments that the host has set, until the stop', async () => {
    const before = [...process.argv]
    const server = await launch({ ...options, args: ['--env', 'prod'] }, alone)
    expect(process.argv.slice(2)).toEqual(['--env', 'prod'])
    await server.stop()
    expect(process.argv).toEqual(before)
  })
})
