import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { optionNames } from '@lockstep/core/backend'
import { optionRow, ownFlags, ownVariables } from '@lockstep/core/internal'
import { describe, expect, it } from 'vitest'
import { clientAuthority, pairFiles, write } from '../support/certificates.ts'
import { exchange } from '../support/exchange.ts'
import { freePort } from '../support/failed-launch.ts'
import { fixtures, runLockstep, startLockstep } from '../support/lockstep.ts'
import { type PlannedOption, planOf } from '../support/planned-options.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const hello = join(fixtures, 'apps/hello.js')
const environmentApp = join(fixtures, 'apps/environment.js')

describe('a folder with a configuration file and .env', () => {
  const cwd = temporaryFolder()
  write(cwd, 'lockstep.config.json', '{ "backlog": 99 }')
  write(cwd, '.env', 'LOCKSTEP_TIMEOUTS_KEEP_ALIVE=12s\n')
  const args = [hello, '--port', '0']
  const env = { LOCKSTEP_CONFIG: 'lockstep.config.json', LOCKSTEP_ENV_FILE: '.env' }

  it.each([
    { flags: ['--no-config'], backlog: 'default', keepAlive: 'dotenv' },
    { flags: ['--no-dotenv'], backlog: 'config', keepAlive: 'default' },
    { flags: ['--no-config', '--no-dotenv'], backlog: 'default', keepAlive: 'default' },
  ])('is read without what $flags leaves out', async ({ flags, backlog, keepAlive }) => {
    for (const variables of [{}, env]) {
      const plan = await planOf([...args, ...flags], { cwd, env: variables })
      expect(plan['backlog']?.setBy).toBe(backlog)
      expect(plan['timeouts.keepAlive']?.setBy).toBe(keepAlive)
    }
  })

  it('is read without them at a reload too', async () => {
    const cluster = ['--backend', 'cluster', '--workers', '1']
    await using server = await startLockstep(['run', ...args, ...cluster, '--no-config'], { cwd })
    write(cwd, 'lockstep.config.json', '{ "backlog": "many" }')
    const reloaded = await runLockstep(['reload'], { env: { XDG_RUNTIME_DIR: server.runtimeFolder } })
    expect(reloaded.code, reloaded.stderr).toBe(0)
  })

  it('is refused where a file is named and left out', async () => {
    const { code, stderr } = await runLockstep(['plan', hello, '--no-config', '-c', 'other.json'], { cwd })
    expect([code, stderr]).toEqual([2, expect.stringContaining('--config names other.json')])
  })
})

describe('the source with the highest priority wins, and is named', () => {
  it.each([
    {
      file: 'lockstep.config.ts',
      text: "const keepAlive: string = '11s'\nenum Level { Quiet = 'error' }\nexport default { timeouts: { keepAlive }, log: { level: Level.Quiet }, backlog: 99 }\n",
    },
    {
      file: 'lockstep.config.js',
      text: "export default { timeouts: { keepAlive: '11s' }, log: { level: 'error' }, backlog: 99 }\n",
    },
    {
      file: 'lockstep.config.json',
      text: '{ "timeouts": { "keepAlive": "11s" }, "log": { "level": "error" }, "backlog": 99 }\n',
    },
  ])('among default, $file, .env, environment and flag', async ({ file, text }) => {
    const cwd = temporaryFolder()
    const args = [hello, '--port', '0']
    const env = { LOCKSTEP_TIMEOUTS_KEEP_ALIVE: '13s', LOCKSTEP_LOG_LEVEL: 'debug' }

    const expectOption = (
      plan: Record<string, PlannedOption>,
      name: string,
      [value, source, setBy]: readonly [string, string, string],
    ): void => expect(plan[name]).toMatchObject({ value, source, setBy })

    expectOption(await planOf(args, { cwd }), 'timeouts.keepAlive', ['5s', 'the default', 'default'])
    write(cwd, file, text)
    const configured = await planOf(args, { cwd })
    expectOption(configured, 'timeouts.keepAlive', ['11s', `timeouts.keepAlive in ${file}`, 'config'])
    write(cwd, '.env', 'LOCKSTEP_TIMEOUTS_KEEP_ALIVE=12s\nLOCKSTEP_LOG_LEVEL=warn\n')
    const withEnvFile = await planOf(args, { cwd })
    expectOption(withEnvFile, 'timeouts.keepAlive', ['12s', 'LOCKSTEP_TIMEOUTS_KEEP_ALIVE in .env', 'dotenv'])
    const withEnvironment = await planOf(args, { cwd, env })
    expectOption(withEnvironment, 'timeouts.keepAlive', [
      '13s',
      'LOCKSTEP_TIMEOUTS_KEEP_ALIVE',
      'environment',
    ])
    const withFlag = await planOf([...args, '--keep-alive', '14s'], { cwd, env })
    expectOption(withFlag, 'timeouts.keepAlive', ['14s', '--keep-alive', 'argv'])
    // If the strongest source does not set an option, the next one does.
    expectOption(withFlag, 'log.level', ['debug', 'LOCKSTEP_LOG_LEVEL', 'environment'])
    expectOption(withFlag, 'backlog', ['99', `backlog in ${file}`, 'config'])
    expectOption(withFlag, 'timeouts.graceful', ['30s', 'the default', 'default'])
  })

  it('LOCKSTEP_PORT before PORT in the same place, but PORT of the environment before LOCKSTEP_PORT of .env', async () => {
    const cwd = temporaryFolder()
    const [ours, theirs] = [String(await freePort()), String(await freePort())]
    const both = { LOCKSTEP_PORT: ours, PORT: theirs }
    expect(await planOf([hello], { cwd, env: both })).toMatchObject({
      port: { value: ours, source: 'LOCKSTEP_PORT', setBy: 'environment' },
    })
    write(cwd, '.env', `LOCKSTEP_PORT=${ours}\n`)
    expect(await planOf([hello], { cwd, env: { PORT: theirs } })).toMatchObject({
      port: { value: theirs, source: 'PORT', setBy: 'environment' },
    })
    write(cwd, '.env', `PORT=${theirs}\nLOCKSTEP_PORT=${ours}\nWEB_CONCURRENCY=2\n`)
    expect(await planOf([hello], { cwd })).toMatchObject({
      port: { value: ours, source: 'LOCKSTEP_PORT in .env', setBy: 'dotenv' },
      workers: { value: '2', source: 'WEB_CONCURRENCY in .env', setBy: 'dotenv' },
    })
  })

  it('in a server that takes each option from another source', async () => {
    const cwd = temporaryFolder()
    const { cert, key, certPem } = await pairFiles()
    write(cwd, 'lockstep.config.json', JSON.stringify({ app: hello, tls: { cert, key }, workers: 7 }))
    write(cwd, '.env', 'LOCKSTEP_WORKERS=5\nLOCKSTEP_NAME=of-dotenv\n')
    await using server = await startLockstep(['--port', '0'], {
      cwd,
      env: { LOCKSTEP_WORKERS: '2', LOCKSTEP_LOG_FORMAT: 'json' },
    })
    expect(JSON.parse(server.stdout())).toMatchObject({ name: 'of-dotenv', backend: 'cluster' })
    expect(server.processes()).toHaveLength(3)
    expect(await exchange(server.url, { ca: certPem })).toMatchObject({ status: 200 })
  })
})

describe('the names of an option', () => {
  it('lead by one rule to its flag, and from each long flag to a variable', async () => {
    const keepAlive = async (words: readonly string[], env: Record<string, string> = {}) => {
      const { 'timeouts.keepAlive': one, 'recycle.memory': two } = await planOf(
        [hello, '--port', '0', '--backend', 'cluster', ...words],
        { env },
      )
      return [one?.value, two?.value]
    }
    expect(await keepAlive(['--timeouts-keep-alive', '9s', '--recycle-memory', '300MiB'])).toEqual([
      '9s',
      '300MiB',
    ])
    expect(await keepAlive([], { LOCKSTEP_KEEP_ALIVE: '9s', LOCKSTEP_MAX_MEMORY: '300MiB' })).toEqual([
      '9s',
      '300MiB',
    ])
    expect(
      await keepAlive([], { LOCKSTEP_TIMEOUTS_KEEP_ALIVE: '9s', LOCKSTEP_RECYCLE_MEMORY: '300MiB' }),
    ).toEqual(['9s', '300MiB'])
  })

  it('take a variable by the flag of another program, with its values', async () => {
    const { cert, key } = await pairFiles()
    const ca = write(temporaryFolder(), 'ca.pem', (await clientAuthority()).caPem)
    const plan = await planOf([hello, '--port', '0'], {
      env: {
        LOCKSTEP_CERTFILE: cert,
        LOCKSTEP_SSL_KEYFILE: key,
        LOCKSTEP_CA: ca,
        LOCKSTEP_SSL_CERT_REQS: '2',
      },
    })
    expect(plan['tls.clientAuth']).toMatchObject({ value: 'require', source: 'LOCKSTEP_SSL_CERT_REQS' })
  })

  it.each([
    {
      words: [],
      env: { LOCKSTEP_RECYCLE_MEMORY: '300MiB', LOCKSTEP_MAX_MEMORY: '400MiB' },
      says: 'LOCKSTEP_RECYCLE_MEMORY 300MiB and LOCKSTEP_MAX_MEMORY 400MiB both set recycle.memory',
    },
    {
      words: ['--recycle-memory', '300MiB', '--max-memory', '400MiB'],
      env: {},
      says: '--recycle-memory 300MiB and --max-memory 400MiB both set recycle.memory',
    },
  ])('must agree: $says', async ({ words, env, says }) => {
    const { code, stderr } = await runLockstep(['plan', hello, '--backend', 'cluster', ...words], { env })
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(says) })
  })

  it('may agree, and override a variable that platforms set', async () => {
    const plan = await planOf([hello, '--backend', 'cluster', '--port', '0'], {
      env: { LOCKSTEP_RECYCLE_MEMORY: '300MiB', LOCKSTEP_MAX_MEMORY: '300MiB', WEB_CONCURRENCY: '3' },
    })
    expect([plan['recycle.memory']?.value, plan['workers']?.value]).toEqual(['300MiB', '3'])
  })

  it('belong to one option alone', () => {
    const flags = optionNames.flatMap((name) => [
      ...ownFlags(name),
      ...(optionRow(name).aliases ?? []).map(({ flag }) => flag),
    ])
    const variables = optionNames.flatMap((name) => ownVariables(name))
    for (const names of [flags, variables]) expect(names.length).toBe(new Set(names).size)
    const longFlags = flags.filter((flag) => flag.startsWith('--'))
    // Each long flag has a variable; the arguments of the app and a passphrase have a variable without a flag.
    expect(variables.length).toBe(
      longFlags.length + optionNames.filter((name) => ownFlags(name).length === 0).length,
    )
  })
})

describe('a relative path starts at the folder of the file that sets it', () => {
  it('in a configuration file of another folder', async () => {
    const folder = temporaryFolder()
    const etc = join(folder, 'etc')
    mkdirSync(etc)
    const { certPem } = await pairFiles({}, etc)
    const config = {
      app: './app.js',
      tls: { cert: './cert.pem', key: 'key.pem' },
      accessLog: { file: '../access.log' },
    }
    write(etc, 'app.js', "export default (request, response) => response.end('beside the config')\n")
    write(etc, 'shop.json', JSON.stringify(config))
    await using server = await startLockstep(['--config', 'etc/shop.json', '--port', '0'], { cwd: folder })
    expect(await exchange(server.url, { ca: certPem })).toMatchObject({ body: 'beside the config' })
    server.signal('SIGTERM')
    expect(await server.finished()).toMatchObject({ code: 0 })
    expect(readFileSync(join(folder, 'access.log'), 'utf8')).toContain('"GET / HTTP/1.1" 200')
  })

  it('in an environment file of another folder, and the current one for variables and flags', async () => {
    const folder = temporaryFolder()
    const folders = ['env', 'here'].map((name) => join(folder, name))
    for (const each of folders) mkdirSync(each)
    const [env = '', here = ''] = folders
    const { certPem } = await pairFiles({}, env)
    await pairFiles({}, here)
    write(env, 'production.env', 'LOCKSTEP_TLS_CERT=./cert.pem\nLOCKSTEP_TLS_KEY=key.pem\n')
    const args = [hello, '--port', '0', '--dotenv', '../env/production.env']
    await using server = await startLockstep(args, { cwd: here })
    expect(await exchange(server.url, { ca: certPem })).toMatchObject({ status: 200 })

    const flags = await planOf([hello, '--port', '0', '--cert', 'cert.pem', '--pid-file', 'my.pid'], {
      cwd: here,
      env: { LOCKSTEP_TLS_KEY: './key.pem' },
    })
    expect(flags).toMatchObject({
      'tls.cert': { value: join(here, 'cert.pem') },
      'tls.key': { value: join(here, 'key.pem') },
      pidFile: { value: join(here, 'my.pid') },
    })
  })

  it.each(['single', 'cluster'])(
    'with spaces and non-ASCII letters, for app, pair, socket and log: %s',
    async (backend) => {
      const folder = join(temporaryFolder(), 'mit Leerzeichen, äöü & 日本 #1 %20')
      mkdirSync(folder)
      const { certPem } = await pairFiles({}, folder)
      write(folder, 'né.ts', "export const créé: unknown = { fetch: () => new Response('ça va') }\n")
      const paths = ['--cert', 'cert.pem', '--key', 'key.pem', '--access-log', 'journal é.log']
      await using server = await startLockstep(
        ['run', 'né.ts:créé', '--backend', backend, ...paths, '--bind', 'unix:prise é.sock'],
        { cwd: folder },
      )
      const socketPath = join(folder, 'prise é.sock')
      expect(await exchange('https://localhost/', { socketPath, ca: certPem })).toMatchObject({
        body: 'ça va',
      })
      server.signal('SIGTERM')
      expect(await server.finished()).toMatchObject({ code: 0 })
      expect(readFileSync(join(folder, 'journal é.log'), 'utf8')).toContain('"GET / HTTP/1.1" 200')
    },
  )
})

describe.each(['single', 'cluster'])('the variables of .env under %s', (backend) => {
  it('reach the app, unless the environment has them; a passphrase reaches no worker', async () => {
    const cwd = temporaryFolder()
    const { cert, key, certPem } = await pairFiles({ passphrase: 'hunter2' })
    write(cwd, '.env', 'GREETING=from the file\nTAKEN=from the file\nLOCKSTEP_TLS_PASSPHRASE=hunter2\n')
    await using server = await startLockstep(
      ['run', environmentApp, '--backend', backend, '--port', '0', '--cert', cert, '--key', key],
      { cwd, env: { TAKEN: 'from outside' } },
    )
    const { body } = await exchange(server.url, { ca: certPem })
    const { pid, environment } = JSON.parse(body)
    expect(environment).toMatchObject({ GREETING: 'from the file', TAKEN: 'from outside' })
    expect(body).not.toContain('hunter2')
    expect(server.processes()).toContain(pid)
    expect(environOf(pid)).not.toContain('hunter2')
  })
})

describe.each([
  { backend: 'single', args: [] },
  { backend: 'cluster', args: ['--workers', '2'] },
])('a passphrase in the environment under $backend', ({ backend, args }) => {
  it('is not visible to the app, and the system shows it for no worker', async () => {
    const { cert, key, certPem } = await pairFiles({ passphrase: 'hunter2' })
    await using server = await startLockstep(
      ['run', environmentApp, '--backend', backend, ...args, '--port', '0', '--cert', cert, '--key', key],
      { env: { LOCKSTEP_TLS_PASSPHRASE: 'hunter2', OTHER: 'handed on' } },
    )
    const { body } = await exchange(server.url, { ca: certPem })
    expect(JSON.parse(body).environment).toMatchObject({ OTHER: 'handed on' })
    expect(body).not.toMatch(/hunter2|PASSPHRASE/)
    const workers = server.processes().filter((pid) => pid !== server.pid)
    expect(workers).toHaveLength(backend === 'single' ? 0 : 2)
    for (const pid of workers) {
      expect(environOf(pid)).toContain('OTHER=handed on')
      expect(environOf(pid)).not.toMatch(/hunter2|PASSPHRASE/)
    }
  })
})

function environOf(pid: number): string {
  return readFileSync(`/proc/${pid}/environ`, 'utf8')
}
