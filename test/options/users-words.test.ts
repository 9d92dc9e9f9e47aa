import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { write } from '../support/certificates.ts'
import { failedLaunch, holdPort } from '../support/failed-launch.ts'
import { fixtures, startLockstep } from '../support/lockstep.ts'
import { runHost } from '../support/run-host.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const hello = join(fixtures, 'apps/hello.js')

describe('a hint is in the words of the place where the value was set', () => {
  it.each([
    { kill_timeout: 3000, says: "`timeouts.graceful: '3000ms'`" },
    { kill_timeout: 'soon', says: "`timeouts.graceful: '1600ms'`" },
    { instances: 3, says: "`workers: 3`, or `workers: 'auto'`" },
    { instances: 0, says: "`workers: 4`, or `workers: 'auto'`" },
    { max_memory_restart: '100M', says: "`recycle.memory: '100M'`" },
    { shutdown_with_message: true, says: 'Here it is `shutdownWithMessage`.' },
  ])('a key of PM2 is answered in keys: $says', async ({ says, ...keys }) => {
    const cwd = temporaryFolder()
    write(cwd, 'lockstep.config.json', JSON.stringify(keys))
    const stderr = await failedLaunch(['run', hello], {
      code: 'LOCKSTEP_ERR_OPTION_UNKNOWN',
      says: [says],
      cwd,
    })
    expect(stderr).not.toContain('--')
  })

  it('a flag of PM2 is answered in flags, with the value of the user', async () => {
    await failedLaunch(['run', hello, '--kill-timeout', '3000'], {
      code: 'LOCKSTEP_ERR_OPTION_UNKNOWN',
      says: ['Write `--graceful-timeout 3000ms`'],
    })
  })

  it('a value that is wrong is explained under the name that the user wrote', async () => {
    const cwd = temporaryFolder()
    write(cwd, 'lockstep.config.json', '{ "tls": { "minVersion": "1.1" } }')
    write(cwd, '.env', 'LOCKSTEP_GRACEFUL_TIMEOUT=soon\n')
    await failedLaunch(['run', hello, '--keep-alive', 'long'], {
      code: Array(4).fill('LOCKSTEP_ERR_OPTION_INVALID'),
      says: [
        'About tls.minVersion: ',
        'About LOCKSTEP_GRACEFUL_TIMEOUT: ',
        'About WEB_CONCURRENCY: ',
        'About --keep-alive: ',
      ],
      env: { WEB_CONCURRENCY: 'many' },
      cwd,
    })
  })

  it.each([
    { what: 'a flag', flag: true, says: ['Set by --port.', '(--port, or in --bind)'] },
    {
      what: 'a key of a file',
      config: true,
      says: ['Set by port in lockstep.config.json.', '(`port`, or in `bind`)'],
    },
    { what: 'PORT', variable: 'PORT', says: ['Set by PORT.', '(`PORT`, or in `LOCKSTEP_BIND`)'] },
    {
      what: 'LOCKSTEP_PORT',
      variable: 'LOCKSTEP_PORT',
      says: ['Set by LOCKSTEP_PORT.', '(`LOCKSTEP_PORT`, or in `LOCKSTEP_BIND`)'],
    },
  ])('a port in use that $what has set', async ({ flag, config, variable, says }) => {
    await using held = await holdPort()
    const cwd = temporaryFolder()
    if (config) write(cwd, 'lockstep.config.json', `{ "port": ${held.port} }`)
    await failedLaunch(['run', hello, ...(flag ? ['--port', String(held.port)] : [])], {
      code: 'LOCKSTEP_ERR_ADDRESS_IN_USE',
      ports: [],
      says,
      env: variable ? { [variable]: String(held.port) } : {},
      cwd,
    })
  })

  it('a caller of launch() has options, and no flags', async () => {
    await using held = await holdPort()
    const { inUse, fixed, missing } = await runHost<
      Record<'inUse' | 'fixed' | 'missing', Record<string, string>>
    >('faults-of-launch.js', { args: [hello, String(held.port)], cwd: temporaryFolder() })
    expect(inUse).toMatchObject({ code: 'LOCKSTEP_ERR_ADDRESS_IN_USE', source: 'port in launch()' })
    expect(inUse?.['hint']).toContain('choose another port (`port`, or in `bind`)')
    expect(fixed).toEqual({
      code: 'LOCKSTEP_ERR_NO_WORKERS',
      hint: "Start the server with `backend: 'cluster'`.",
    })
    expect(missing?.['hint']).toContain('name another with `envFile`')
    expect(inUse?.['hint']).not.toContain('--port')
  })
})

it('a value in a hint stays with its option', async () => {
  const cwd = temporaryFolder()
  const code = 'LOCKSTEP_ERR_OPTION_REFUSED'
  const flag = ['--balance', 'reuse-port']
  await failedLaunch(['run', hello, ...flag], { code, says: ['Use --backend cluster, or leave'], cwd })
  const env = { LOCKSTEP_BALANCE: 'reuse-port' }
  await failedLaunch(['run', hello], { code, says: ['Use `LOCKSTEP_BACKEND=cluster`, or leave'], env, cwd })
  write(cwd, 'lockstep.config.json', '{ "balance": "reuse-port" }')
  await failedLaunch(['run', hello], { code, says: ["Use `backend: 'cluster'`, or leave"], cwd })
})

it('a hint names an option that is set elsewhere as it is set there', async () => {
  const cwd = temporaryFolder()
  const code = 'LOCKSTEP_ERR_OPTION_REFUSED'
  const env = { WEB_CONCURRENCY: '2' }
  const says = (word: string) => ['= 2 (WEB_CONCURRENCY)', `Use ${word}, or leave`]
  const flag = ['--backend', 'single']
  await failedLaunch(['run', hello, ...flag], { code, says: says('--backend cluster'), env, cwd })
  const both = { ...env, LOCKSTEP_BACKEND: 'single' }
  await failedLaunch(['run', hello], { code, says: says('`LOCKSTEP_BACKEND=cluster`'), env: both, cwd })
  write(cwd, 'lockstep.config.json', '{ "backend": "single" }')
  await failedLaunch(['run', hello], { code, says: says("`backend: 'cluster'`"), env, cwd })
})

describe('an error after the start of a launch names the place where its option was set', () => {
  it.each([
    { what: 'a flag', args: true, label: '--pid-file', other: 'name another file with --pid-file' },
    {
      what: 'a variable',
      env: true,
      label: 'LOCKSTEP_PID_FILE',
      other: 'name another file with `LOCKSTEP_PID_FILE`',
    },
    {
      what: 'a key of a file',
      config: true,
      label: 'pidFile in lockstep.config.json',
      other: 'name another file with `pidFile`',
    },
  ])('a PID file of another server, set by $what', async ({ args, env, config, label, other }) => {
    const cwd = temporaryFolder()
    const file = join(cwd, 'server.pid')
    await using server = await startLockstep(['run', hello, '--port', '0', '--pid-file', file])
    if (config) write(cwd, 'lockstep.config.json', JSON.stringify({ pidFile: file }))
    await failedLaunch(['run', hello, ...(args ? ['--pid-file', file] : [])], {
      code: 'LOCKSTEP_ERR_PID_FILE',
      says: [`names process ${server.pid}`, `Set by ${label}.`, other],
      env: env ? { LOCKSTEP_PID_FILE: file } : {},
      cwd,
    })
    expect(existsSync(file)).toBe(true)
  })
})

it('an error about the program after -- does not say that -- has set it', async () => {
  const stderr = await failedLaunch(['exec', '--port', '0', '--', 'a-program-that-is-missing'], {
    code: 'LOCKSTEP_ERR_PROGRAM_NOT_FOUND',
    says: ['The program a-program-that-is-missing could not be started'],
    ports: [],
  })
  expect(stderr).not.toContain('Set by')
})

it('the arguments of a program stay as they are in a hint', async () => {
  const cwd = temporaryFolder()
  const listens = "require('node:http').createServer().listen(0, '127.0.0.1')"
  write(
    cwd,
    'lockstep.config.json',
    JSON.stringify({ backend: 'command', command: ['node', '-e', listens], timeouts: { boot: '2s' } }),
  )
  await failedLaunch(['run'], {
    code: 'LOCKSTEP_ERR_PROGRAM_PLACE',
    says: ['as in `--host {host} --port {port}`', 'Set by command in lockstep.config.json.'],
    cwd,
  })
})
