import { createAuthority, issueCertificate } from '@lockstep/certs'
import type { LockstepConfig, OptionName } from '@lockstep/core'
import type { LaunchPlan, PlannedTls } from '@lockstep/core/backend'

/** How an option is dropped or changed: in the user's options, or in the plan that the backend gets. */
export interface Sabotage {
  readonly what: string
  /** The backend to sabotage. The cases of some options need a backend that honours them. */
  readonly backend: 'single' | 'cluster' | 'command'
  readonly options?: (options: LockstepConfig) => LockstepConfig
  readonly plan?: (plan: LaunchPlan) => LaunchPlan | Promise<LaunchPlan>
}

const dropped = (name: keyof LockstepConfig): Sabotage => ({
  what: 'dropped',
  backend: 'single',
  options: ({ [name]: _, ...rest }) => rest,
})

function bent(
  what: string,
  plan: NonNullable<Sabotage['plan']>,
  backend: Sabotage['backend'] = 'single',
): Sabotage {
  return { what, backend, plan }
}

function tlsBent(
  what: string,
  bend: (tls: PlannedTls) => Partial<PlannedTls> | Promise<Partial<PlannedTls>>,
): Sabotage {
  return bent(what, async (plan) =>
    plan.tls ? { ...plan, tls: { ...plan.tls, ...(await bend(plan.tls)) } } : plan,
  )
}

const withoutTls = (
  name:
    | 'passphrase'
    | 'passphraseFile'
    | 'passphraseCommand'
    | 'selfSigned'
    | 'keyPermissions'
    | 'expiryWarningDays'
    | 'profile',
): Sabotage => ({
  what: 'dropped',
  backend: 'single',
  options: ({ tls, ...rest }) => {
    const { [name]: _, ...others } = tls ?? {}
    return Object.keys(others).length === 0 ? rest : { ...rest, tls: others }
  },
})

const withoutSocket = (name: 'mode' | 'owner' | 'group'): Sabotage => ({
  what: 'dropped',
  backend: 'single',
  options: ({ socket, ...rest }) => {
    const { [name]: _, ...others } = socket ?? {}
    return Object.keys(others).length === 0 ? rest : { ...rest, socket: others }
  },
})

const anotherPair = async ({ leaf }: PlannedTls): Promise<Pick<PlannedTls, 'chains'>> => {
  const { certPem, keyPem } = await issueCertificate({ hosts: ['localhost'] })
  return { chains: [{ cert: certPem, key: keyPem, keyType: 'ec', versions: ['TLSv1.2', 'TLSv1.3'], leaf }] }
}

const timeout = (
  name: keyof LaunchPlan['timeouts'],
  ms: number,
  backend: Sabotage['backend'] = 'single',
): Sabotage =>
  bent(`always ${ms} ms`, (plan) => ({ ...plan, timeouts: { ...plan.timeouts, [name]: ms } }), backend)

const limit = (name: keyof LaunchPlan['limits'], value: number | null): Sabotage =>
  bent(`always ${value}`, (plan) => ({ ...plan, limits: { ...plan.limits, [name]: value } }))

/** How workers are replaced; only a cluster can do it. */
const replacement = <Part extends 'replacement' | 'recycling'>(
  part: Part,
  value: Partial<LaunchPlan[Part]>,
): Sabotage =>
  bent(
    `always ${JSON.stringify(value)}`,
    (plan) => ({ ...plan, [part]: { ...plan[part], ...value } }),
    'cluster',
  )

/** One sabotage for each option. The compiler checks that none is missing, so a new option breaks the build until it has one. */
export const sabotages = {
  app: { what: 'another app', backend: 'single', options: (options) => ({ ...options, app: otherApp }) },
  args: dropped('args'),
  import: dropped('import'),
  'static.directory': bent('another folder', (plan) => ({
    ...plan,
    app: plan.app.kind === 'static' ? { ...plan.app, directory: import.meta.dirname } : plan.app,
  })),
  'static.single': bent('never', (plan) => ({
    ...plan,
    app: plan.app.kind === 'static' ? { ...plan.app, single: false } : plan.app,
  })),
  interface: dropped('interface'),
  bind: bent('only the first address', (plan) => ({ ...plan, addresses: plan.addresses.slice(0, 1) })),
  host: bent('always 127.0.0.1', (plan) => ({
    ...plan,
    addresses: plan.addresses.map((address) =>
      address.kind === 'tcp' ? { ...address, host: '127.0.0.1' } : address,
    ),
  })),
  port: bent('any port', (plan) => ({
    ...plan,
    addresses: plan.addresses.map((address) => (address.kind === 'tcp' ? { ...address, port: 0 } : address)),
  })),
  'socket.mode': withoutSocket('mode'),
  'socket.owner': withoutSocket('owner'),
  'socket.group': withoutSocket('group'),
  backlog: bent('always 511', (plan) => ({ ...plan, backlog: 511 })),
  backend: {
    what: 'always single',
    backend: 'cluster',
    options: (options) => ({ ...options, backend: 'single' }),
  },
  workers: bent('always 1', (plan) => ({ ...plan, workers: 1 }), 'cluster'),
  'reload.maxSurge': replacement('replacement', { maxSurge: 1, maxUnavailable: 0 }),
  'reload.maxUnavailable': replacement('replacement', { maxSurge: 1, maxUnavailable: 0 }),
  'recycle.maxRequests': replacement('recycling', { maxRequests: null }),
  'recycle.maxRequestsJitter': replacement('recycling', { maxRequestsJitter: 0 }),
  'recycle.lifetime': replacement('recycling', { lifetimeMs: null }),
  'recycle.lifetimeJitter': replacement('recycling', { lifetimeJitterMs: 0 }),
  'recycle.memory': replacement('recycling', { maxRssBytes: null }),
  'recycle.heap': replacement('recycling', { maxHeapBytes: null }),
  balance: bent('always round-robin', (plan) => ({ ...plan, balance: 'round-robin' }), 'cluster'),
  appPorts: bent('dropped', (plan) => ({ ...plan, appPorts: [] }), 'single'),
  waitReady: dropped('waitReady'),
  shutdownWithMessage: dropped('shutdownWithMessage'),
  name: bent('dropped', (plan) => ({ ...plan, name: null })),
  pidFile: dropped('pidFile'),
  verify: { ...dropped('verify'), what: 'never' },
  control: dropped('control'),
  user: dropped('user'),
  group: dropped('group'),
  umask: dropped('umask'),
  chdir: dropped('chdir'),
  'tls.cert': bent('plain HTTP', (plan) => ({ ...plan, tls: null })),
  'tls.key': tlsBent('another pair', anotherPair),
  'tls.pfx': tlsBent('another pair', anotherPair),
  'tls.keyPermissions': withoutTls('keyPermissions'),
  'tls.expiryWarningDays': withoutTls('expiryWarningDays'),
  'tls.passphrase': withoutTls('passphrase'),
  'tls.passphraseFile': withoutTls('passphraseFile'),
  'tls.passphraseCommand': withoutTls('passphraseCommand'),
  'tls.ca': tlsBent('another CA', async () => ({
    ca: (await createAuthority({ commonName: 'another' })).certPem,
  })),
  'tls.crl': tlsBent('dropped', () => ({ crl: null })),
  'tls.clientAuth': tlsBent('never asks', () => ({ clientAuth: 'none' })),
  'tls.minVersion': tlsBent('always TLSv1.2', () => ({ minVersion: 'TLSv1.2' })),
  'tls.maxVersion': tlsBent('always TLSv1.3', () => ({ maxVersion: 'TLSv1.3' })),
  'tls.ciphers': tlsBent('all that OpenSSL has', () => ({ ciphers: 'ALL:!aNULL' })),
  'tls.ciphersuites': tlsBent('always the usual three', () => ({
    ciphersuites: 'TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256',
  })),
  'tls.sni': tlsBent('dropped', () => ({ sni: [] })),
  'tls.unknownHost': tlsBent('always default', () => ({ unknownHost: 'default' })),
  'tls.sessionTickets': tlsBent('always on', () => ({ sessionTickets: true })),
  'tls.sessionTimeout': tlsBent('always five minutes', () => ({ sessionTimeoutMs: 300_000 })),
  'tls.profile': withoutTls('profile'),
  'tls.groups': tlsBent('all that OpenSSL has', () => ({ groups: 'X25519:P-256:P-384:P-521' })),
  'tls.sigalgs': tlsBent('all that OpenSSL has', () => ({ sigalgs: null })),
  'tls.dhparam': tlsBent('dropped', () => ({ dhparam: null })),
  'tls.handshakeTimeout': tlsBent('two minutes, as Node has it', () => ({ handshakeTimeoutMs: 120_000 })),
  'tls.selfSigned': withoutTls('selfSigned'),
  'tls.watch': {
    what: 'never',
    backend: 'single',
    options: (options) => (options.tls ? { ...options, tls: { ...options.tls, watch: false } } : options),
  },
  'tls.protocols': bent('never h2', (plan) => ({
    ...plan,
    https: { ...plan.https, protocols: ['http/1.1'] },
  })),
  'tls.hsts': bent('dropped', (plan) => ({ ...plan, https: { ...plan.https, hsts: null } })),
  'tls.redirect': bent('dropped', (plan) => ({ ...plan, https: { ...plan.https, redirect: [] } })),
  'tls.redirectPort': bent('dropped', (plan) => ({
    ...plan,
    https: { ...plan.https, redirectPort: null },
  })),
  'tls.keylog': bent('dropped', (plan) => ({ ...plan, https: { ...plan.https, keylogFile: null } })),
  'proxy.trusted': bent('dropped', (plan) => ({ ...plan, proxy: { ...plan.proxy, trusted: [] } })),
  'proxy.header': bent('always x-forwarded', (plan) => ({
    ...plan,
    proxy: { ...plan.proxy, header: 'x-forwarded' },
  })),
  'proxy.protocol': bent('dropped', (plan) => ({ ...plan, proxy: { ...plan.proxy, protocol: 'off' } })),
  'timeouts.boot': timeout('bootMs', 60_000),
  'timeouts.hang': timeout('hangMs', 3_600_000, 'cluster'),
  'timeouts.graceful': timeout('gracefulMs', 15_000),
  'timeouts.drainDelay': timeout('drainDelayMs', 0),
  'timeouts.keepAlive': timeout('keepAliveMs', 60_000),
  'timeouts.headers': timeout('headersMs', 60_000),
  'timeouts.request': timeout('requestMs', 300_000),
  'timeouts.send': timeout('sendMs', 300_000),
  'limits.connections': limit('connections', null),
  'limits.concurrency': limit('concurrency', null),
  'limits.headerBytes': limit('headerBytes', 16_384),
  'limits.headerCount': limit('headerCount', 2_000),
  'health.ready': bent('dropped', (plan) => ({ ...plan, health: { ...plan.health, readyPath: null } })),
  'health.live': bent('dropped', (plan) => ({ ...plan, health: { ...plan.health, livePath: null } })),
  sticky: bent('dropped', (plan) => ({ ...plan, sticky: 'none' }), 'cluster'),
  'log.level': {
    what: 'always info',
    backend: 'single',
    options: (options) => ({ ...options, log: { ...options.log, level: 'info' } }),
  },
  'log.format': {
    what: 'always json',
    backend: 'single',
    options: (options) => ({ ...options, log: { ...options.log, format: 'json' } }),
  },
  'accessLog.file': bent('dropped', (plan) => ({ ...plan, accessLog: null })),
  'accessLog.format': bent('always combined', (plan) => ({
    ...plan,
    accessLog: plan.accessLog && { ...plan.accessLog, format: 'combined' },
  })),
  command: program('the last word is lost', (plan) =>
    plan.app.kind === 'command'
      ? { app: { ...plan.app, command: [plan.app.command[0], ...plan.app.command.slice(1, -1)] } }
      : {},
  ),
  'reload.mode': program('always replace', (plan) => ({
    replacement: { ...plan.replacement, mode: 'replace' },
  })),
  'upstream.setEnv': upstream('dropped', { variables: {} }),
  'upstream.readyPath': upstream('dropped', { readyPath: null }),
  'upstream.readyOutput': upstream('dropped', { readyOutput: null }),
  'upstream.stopSignal': upstream('always SIGTERM', { stopSignal: 'SIGTERM' }),
  'upstream.connectTimeout': upstream('a minute', { connectMs: 60_000 }),
  'upstream.responseTimeout': upstream('dropped', { responseMs: 0 }),
} as const satisfies { readonly [Name in OptionName]: Sabotage }

function program(what: string, bend: (plan: LaunchPlan) => Partial<LaunchPlan>): Sabotage {
  return bent(what, (plan) => ({ ...plan, ...bend(plan) }), 'command')
}

function upstream(what: string, change: Partial<LaunchPlan['upstream']>): Sabotage {
  return program(what, (plan) => ({ upstream: { ...plan.upstream, ...change } }))
}

const otherApp = new URL('./other-app.mjs', import.meta.url).pathname
