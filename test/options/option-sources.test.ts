import { mkdirSync, readFileSync } from 'node:fs'
import https from 'node:https'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createAuthority, issueRevocationList } from '@lockstep/certs'
import type { LockstepConfig } from '@lockstep/core'
import { optionNames } from '@lockstep/core/backend'
import { optionRow, ownFlags, ownVariables } from '@lockstep/core/internal'
import fastify from 'fastify'
import { describe, expect, it } from 'vitest'
import { clientAuthority, pairFiles, write } from '../support/certificates.ts'
import { exchange } from '../support/exchange.ts'
import { freePort } from '../support/failed-launch.ts'
import { fixtures, runLockstep, type StartOptions, startLockstep } from '../support/lockstep.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const hello = join(fixtures, 'apps/hello.js')
const environmentApp = join(fixtures, 'apps/environment.js')

interface PlannedOption {
  readonly name: string
  /** As text, as it is for people. */
  readonly value: string
  /** For people. */
  readonly source: string
  readonly setBy: string
}

/** Each option as `plan --json` shows it. The launch must be without a fault. */
async function planOf(
  args: readonly string[],
  options: StartOptions = {},
): Promise<Record<string, PlannedOption>> {
  const { code, stdout, stderr } = await runLockstep(['plan', '--json', ...args], options)
  const { faults, options: planned } = JSON.parse(stdout) as {
    faults: unknown
    options: (PlannedOption & { text: string })[]
  }
  expect({ code, stderr, faults }).toEqual({ code: 0, stderr: '', faults: [] })
  return Object.fromEntries(planned.map((option) => [option.name, { ...option, value: option.text }]))
}

/** Only the values, to compare two ways to set the same options. */
function valuesOf(plan: Record<string, PlannedOption>): Record<string, string> {
  return Object.fromEntries(Object.values(plan).map(({ name, value }) => [name, value]))
}

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

describe("another program's flags", () => {
  it('of Gunicorn have the same effect as those of Lockstep', async () => {
    const { cert, key, certPem } = await pairFiles()
    const { caFile, client } = await clientAuthority()
    const theirs = [
      ...['-b', '127.0.0.1:0', '-w', '2', '-t', '12', '--certfile', cert, '--keyfile', key],
      ...['--ca-certs', caFile, '--cert-reqs', '2'],
    ]
    const ours = [
      ...['--bind', '127.0.0.1:0', '--workers', '2', '--hang-timeout', '12s', '--tls-cert', cert],
      ...['--tls-key', key, '--tls-ca', caFile, '--tls-client-auth', 'require'],
    ]
    const plan = await planOf([hello, ...theirs])
    expect(valuesOf(plan)).toEqual(valuesOf(await planOf([hello, ...ours])))
    expect(plan).toMatchObject({
      'timeouts.hang': { value: '12s', source: '-t' },
      'tls.clientAuth': { value: 'require', source: '--cert-reqs' },
    })

    await using server = await startLockstep(['run', hello, ...theirs])
    expect(server.processes()).toHaveLength(3)
    await expect(exchange(server.url, { ca: certPem })).rejects.toThrow(/certificate required|ECONNRESET/)
    expect(await statusOf(server.url, { ca: certPem, cert: client.cert, key: client.key })).toBe(200)
  })

  it('of Uvicorn have the same effect as those of Lockstep', async () => {
    const { cert, key, certPem } = await pairFiles()
    const socketPath = join(temporaryFolder(), 'u.sock')
    const theirs = [
      ...['--uds', socketPath, '--ssl-certfile', cert, '--ssl-keyfile', key],
      ...['--timeout-keep-alive', '7', '--timeout-graceful-shutdown', '8', '--log-level', 'warning'],
    ]
    const ours = [
      ...['--bind', `unix:${socketPath}`, '--tls-cert', cert, '--tls-key', key],
      ...['--keep-alive', '7s', '--graceful-timeout', '8s', '--log-level', 'warn'],
    ]
    expect(valuesOf(await planOf([hello, ...theirs]))).toEqual(valuesOf(await planOf([hello, ...ours])))

    await using server = await startLockstep(['run', hello, ...theirs])
    const answer = await exchange('https://localhost/', { socketPath, ca: certPem })
    expect(answer).toMatchObject({ status: 200 })
    expect(answer.headers).toContainEqual(['Keep-Alive', 'timeout=7'])
    expect(server.processes()).toHaveLength(1)
  })

  it('of Langflow have the same effect as those of Lockstep', async () => {
    const { cert, key, certPem } = await pairFiles()
    const theirs = ['--port', '0', '--ssl-cert-file-path', cert, '--ssl-key-file-path', key]
    const ours = ['--port', '0', '--tls-cert', cert, '--tls-key', key]
    expect(valuesOf(await planOf([hello, ...theirs]))).toEqual(valuesOf(await planOf([hello, ...ours])))
    await using server = await startLockstep(['run', hello, ...theirs])
    expect(await exchange(server.url, { ca: certPem })).toMatchObject({ status: 200 })
  })
})

/** As a client with its own certificate. */
async function statusOf(url: string, options: https.RequestOptions): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    https
      .get(url, { ...options, agent: false }, (response) => {
        response.resume()
        resolve(response.statusCode)
      })
      .once('error', reject)
  })
}

/** The user and group that any user may name. */
const [ownUser, ownGroup] = [process.getuid?.() ?? 0, process.getgid?.() ?? 0]

/** Unusual but valid: every option has a value other than its default. */
const fullConfig = {
  app: './app.js',
  args: ['--env', 'prod'],
  import: ['./instrument.js', './trace.js'],
  interface: 'node',
  bind: ['127.0.0.1:0', '[::1]:0', 'unix:./shop.sock'],
  socket: { mode: '660', owner: ownUser, group: ownGroup },
  backlog: 128,
  backend: 'cluster',
  workers: 2,
  balance: 'round-robin',
  sticky: 'cookie',
  reload: { maxSurge: 2, maxUnavailable: 1 },
  recycle: {
    maxRequests: 1_000,
    maxRequestsJitter: 100,
    lifetime: '12h',
    lifetimeJitter: '1h',
    memory: '1GiB',
    heap: '512MiB',
  },
  name: 'shop',
  pidFile: './shop.pid',
  verify: false,
  waitReady: true,
  shutdownWithMessage: true,
  control: false,
  user: ownUser,
  group: ownGroup,
  umask: '027',
  chdir: '.',
  proxy: { trusted: ['10.0.0.0/8'], header: 'forwarded', protocol: 'require' },
  tls: {
    cert: './cert.pem',
    key: './key.pem',
    passphraseFile: './passphrase',
    ca: './ca.pem',
    crl: ['./crl.pem'],
    clientAuth: 'request',
    minVersion: 'TLSv1.2',
    maxVersion: 'TLSv1.2',
    ciphers: 'ECDHE-ECDSA-AES256-GCM-SHA384',
    profile: 'old',
    groups: 'P-256:P-384',
    sigalgs: 'ECDSA+SHA256',
    expiryWarningDays: 30,
    handshakeTimeout: '5s',
    sessionTimeout: '1h',
    sni: { localhost: { cert: './cert.pem', key: './key.pem' } },
    unknownHost: 'reject',
    keyPermissions: 'warn',
    watch: false,
    protocols: ['h2', 'http/1.1'],
    hsts: '365d includeSubDomains',
    redirect: '127.0.0.1:0',
    redirectPort: 443,
  },
  timeouts: {
    boot: '10s',
    hang: 20,
    graceful: 0,
    drainDelay: '5s',
    keepAlive: '1m',
    headers: '900ms',
    request: '2m',
    send: '20s',
  },
  health: { ready: '/ready', live: '/live' },
  limits: { connections: 10, concurrency: 5, headerBytes: '32KiB', headerCount: 50 },
  log: { level: 'warn', format: 'json' },
  accessLog: { file: './access.log', format: 'json' },
} as const satisfies LockstepConfig

/** Options that exclude others: `bind` replaces the first two, and a pair replaces the next two. */
const exclusive = ['host', 'port', 'tls.selfSigned', 'tls.pfx', 'tls.passphrase', 'tls.passphraseCommand']
/** `cluster` refuses the last one. */
const unusedHere = ['tls.ciphersuites', 'tls.dhparam', 'tls.sessionTickets', 'appPorts']
/** For programs and folders: the full configuration has an app of Node. */
const ofPrograms = optionNames.filter(
  (name) =>
    name === 'command' ||
    name === 'reload.mode' ||
    name.startsWith('upstream.') ||
    name.startsWith('static.'),
)
/** Values for which a configuration file is refused. */
const neverInAFile = ['tls.keylog']

describe('the JSON Schema of the configuration file', () => {
  const schema = JSON.parse(
    readFileSync(fileURLToPath(import.meta.resolve('lockstep/schema.json')), 'utf8'),
  ) as Schema

  it('names every option, with its summary, and nothing else', () => {
    expect(leaves(schema).filter((name) => name !== '$schema')).toEqual(optionNames)
  })

  it('accepts a full configuration, which the launcher also accepts unchanged', async () => {
    const named = leaves({ properties: asSchema(fullConfig) })
    expect([...named, ...exclusive, ...unusedHere, ...ofPrograms, ...neverInAFile].sort()).toEqual(
      [...optionNames].sort(),
    )
    expect(await accepts(schema, { $schema: './schema.json', ...fullConfig })).toBe(true)

    const cwd = temporaryFolder()
    await pairFiles({ passphrase: 'hunter2' }, cwd)
    const authority = await createAuthority({ commonName: 'client CA' })
    write(cwd, 'ca.pem', authority.certPem)
    write(cwd, 'crl.pem', await issueRevocationList({ authority, revoked: [] }))
    write(cwd, 'passphrase', 'hunter2\n')
    write(cwd, 'app.js', 'export default (request, response) => response.end()\n')
    for (const name of fullConfig.import) write(cwd, name, '')
    write(cwd, 'lockstep.config.json', JSON.stringify({ $schema: './schema.json', ...fullConfig }))
    const plan = await planOf([], { cwd })
    const set = Object.values(plan).filter(({ setBy }) => setBy === 'config')
    expect(set.map(({ name }) => name).sort()).toEqual(named.sort())
  })

  it.each([
    { wrong: 'a name that is not an option', config: { wrokers: 2 } },
    { wrong: 'a nested name that is not an option', config: { tls: { crt: 'cert.pem' } } },
    { wrong: 'a number for a path', config: { tls: { cert: 3 } } },
    { wrong: 'a port out of range', config: { port: 65_536 } },
    { wrong: 'a word that is not one of the choices', config: { log: { level: 'loud' } } },
    { wrong: 'text for a switch', config: { verify: 'yes' } },
  ])('refuses $wrong', async ({ config }) => {
    expect(await accepts(schema, config)).toBe(false)
  })
})

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>
}

/** The dotted names of all values that are not objects. */
function leaves({ properties = {} }: Schema, prefix = ''): string[] {
  return Object.entries(properties).flatMap(([name, inner]) =>
    inner.properties ? leaves(inner, `${prefix}${name}.`) : [`${prefix}${name}`],
  )
}

/** The type of a value as a schema names it. */
function asSchema(value: object): Record<string, Schema> {
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      // The hosts of sni are a value, not options.
      typeof inner === 'object' && !Array.isArray(inner) && name !== 'sni'
        ? { properties: asSchema(inner) }
        : {},
    ]),
  )
}

/** Whether a validator accepts a value. It uses the one in Fastify, which is independent of Lockstep. */
async function accepts({ ...schema }: Schema & { $schema?: string }, value: unknown): Promise<boolean> {
  // It uses an older version of JSON Schema than ours, but that version has all the keywords that we use.
  delete schema.$schema
  await using validator = fastify({
    ajv: {
      customOptions: {
        coerceTypes: false,
        removeAdditional: false,
        useDefaults: false,
        allowUnionTypes: true,
      },
    },
  })
  validator.post('/', { schema: { body: schema } }, async () => 'taken')
  const { statusCode } = await validator.inject({ method: 'POST', url: '/', payload: value as object })
  expect([200, 400]).toContain(statusCode)
  return statusCode === 200
}

describe('the generated documents', () => {
  const root = new URL('../../', import.meta.url)

  it.each([
    'docs/options.md',
    'docs/app-contract.md',
    'docs/errors.md',
    'docs/events.md',
    'docs/gunicorn-uvicorn.md',
    'docs/lifecycle.md',
    'docs/json-output.md',
    'docs/json-output.schema.json',
    'packages/core/src/options/lockstep-config.ts',
    'packages/cli/lockstep.config.schema.json',
  ])('%s is what `npm run docs` writes', async (file) => {
    const { generatedDocs } = (await import(new URL('scripts/generated-docs.mjs', root).href)) as {
      generatedDocs(): Readonly<Record<string, string>>
    }
    expect(readFileSync(new URL(file, root), 'utf8')).toBe(generatedDocs()[file])
  })
})
