import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { write } from '../support/certificates.ts'
import { fixtures, runLockstep, startLockstep } from '../support/lockstep.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const hello = join(fixtures, 'apps/hello.js')
const never = 'its code waits for a promise that nothing settles'

const codes = {
  'exports a promise that never settles': { text: 'export default new Promise(() => {})', says: never },
  'awaits a promise that never settles': { text: 'await new Promise(() => {})', says: never },
  'calls process.exit(0)': { text: 'process.exit(0)', says: 'was ended (exit code 0) while the options' },
  'calls process.exit(3)': { text: 'process.exit(3)', says: 'was ended (exit code 3) while the options' },
}

describe.each(Object.entries(codes))('a configuration file that %s', (_, { text, says }) => {
  it.each(['run', 'plan', 'check'])('is refused by %s', async (command) => {
    const cwd = temporaryFolder()
    write(cwd, 'lockstep.config.mjs', text)
    const { code, stderr } = await runLockstep([command, hello, '--port', '0'], { cwd })
    expect([code, stderr.replaceAll(/\s+/g, ' ')]).toEqual([2, expect.stringContaining(says)])
    expect(stderr).toContain('[LOCKSTEP_ERR_CONFIG_UNREADABLE]')
  })
})

it('a configuration file that calls process.exit() is refused as JSON with --log-format json', async () => {
  const cwd = temporaryFolder()
  write(cwd, 'lockstep.config.mjs', 'process.exit(0)')
  const args = ['run', hello, '--port', '0', '--log-format', 'json']
  const { code, stdout, stderr } = await runLockstep(args, { cwd })
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(JSON.parse(stderr)).toMatchObject({
    level: 'error',
    type: 'fault',
    code: 'LOCKSTEP_ERR_CONFIG_UNREADABLE',
    exitCode: 2,
  })
})

it('a configuration file that never comes to an end fails a reload, and the server goes on', async () => {
  const cwd = temporaryFolder()
  write(cwd, 'lockstep.config.mjs', 'export default { port: 0 }')
  await using server = await startLockstep(['run', hello, '--backend', 'cluster', '--workers', '1'], { cwd })
  write(cwd, 'lockstep.config.mjs', 'export default new Promise(() => {})')
  const { code, stderr } = await runLockstep(['reload'], { env: { XDG_RUNTIME_DIR: server.runtimeFolder } })
  expect([code, stderr.replaceAll(/\s+/g, ' ')]).toEqual([2, expect.stringContaining(never)])
  expect(await (await fetch(server.url)).text()).not.toBe('')
})

it('a stop ends the process that still loads a configuration file for a reload', async () => {
  const cwd = temporaryFolder()
  write(cwd, 'lockstep.config.mjs', 'export default { port: 0 }')
  await using server = await startLockstep(['run', hello, '--backend', 'cluster', '--workers', '1'], { cwd })
  const endless = "console.error('loads again')\nsetInterval(() => {}, 1_000)\nawait new Promise(() => {})"
  write(cwd, 'lockstep.config.mjs', endless)
  server.signal('SIGHUP')
  await server.waitFor('loads again')
  server.signal('SIGTERM')
  expect(await server.finished()).toMatchObject({ code: 0 })
  expect(server.processes()).toEqual([])
})
