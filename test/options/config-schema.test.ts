import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { createAuthority, issueRevocationList } from '@lockstep/certs'
import type { LockstepConfig } from '@lockstep/core'
import { optionNames } from '@lockstep/core/backend'
import fastify from 'fastify'
import { describe, expect, it } from 'vitest'
import { pairFiles, write } from '../support/certificates.ts'
import { planOf } from '../support/planned-options.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

/** The user and group that any user may name. */
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
