import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import https from 'node:https'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type IssuedCertificate, issueCertificate } from '@lockstep/certs'
import { type LockstepConfig, launch, type ServerBackend } from '@lockstep/core'
import { clusterBackend, singleBackend } from '@lockstep/core/backend'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { freePort } from '../../../../test/support/failed-launch.ts'
import { bindHandle, listenWithoutAccepting } from '../../src/platform/node/internals/bind-handle.ts'
import { controlDescriptor } from '../../src/platform/process/worker-descriptors.ts'

const alone = { config: false, envFile: false, environment: false } as const
const ways = [
  { title: 'single', backend: singleBackend, way: {} },
  ...(['round-robin', 'shared', 'reuse-port'] as const)
    .filter((balance) => process.platform === 'linux' || balance === 'round-robin')
    .map((balance) => ({ title: balance, backend: clusterBackend, way: { workers: 2, balance } })),
]

let pair: IssuedCertificate
beforeAll(async () => {
  pair = await issueCertificate({ hosts: ['localhost', '127.0.0.1'] })
})

const folder = (): string => {
  const path = mkdtempSync(join(tmpdir(), 'lockstep-own-'))
  onTestFinished(() => rmSync(path, { recursive: true }))
  return path
}

function appFile(): string {
  const file = join(folder(), 'app.mjs')
  writeFileSync(file, "export default (_request, response) => response.end('ours')\n")
  return file
}

const tls = (): { cert: string; key: string } => ({ cert: pair.certPem, key: pair.keyPem })
const answer = (_request: http.IncomingMessage, response: http.ServerResponse): void =>
  void response.end('theirs')

/** Looks like another program to the launcher. It answers as the plan requires, with the same certificate. */
function rival({ isSecured }: { isSecured: boolean }): http.Server | https.Server {
  const server = isSecured ? https.createServer(tls(), answer) : http.createServer(answer)
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return server
}

async function listen(server: Server, port = 0): Promise<{ kind: 'tcp'; host: string; port: number }> {
  server.listen({ host: '127.0.0.1', port, reusePort: port !== 0 })
  await once(server, 'listening')
  return { kind: 'tcp', host: '127.0.0.1', port: (server.address() as AddressInfo).port }
}

/** Runs a launch that must fail, and returns its message. */
async function failure(
  options: LockstepConfig,
  more: Parameters<typeof launch>[1] = {},
): Promise<{ code: string; message: string }> {
  const error = await launch(
    { app: appFile(), log: { level: 'silent' }, ...options },
    { ...alone, ...more },
  ).then(
    async (handle) => {
      await handle.stop()
      throw new Error('the launch was announced')
    },
    (error: unknown) => error as { code: string; message: string },
  )
  return error
}

describe.each(ways)('under $title', ({ backend, way }) => {
  it.each([{ isSecured: false }, { isSecured: true }])(
    'the answer of another program is not mistaken for the server (TLS: $isSecured)',
    async ({ isSecured }) => {
      const address = await listen(rival({ isSecured }))
      const elsewhere: ServerBackend = {
        ...backend,
        async start(plan, host) {
          return { ...(await backend.start(plan, host)), addresses: [address] }
        },
      }
      const { code, message } = await failure({
        backend: elsewhere,
        ...way,
        port: 0,
        ...(isSecured && { tls: tls() }),
      })
      expect(code).toBe('LOCKSTEP_ERR_VERIFY_FAILED')
      expect(message).toMatch(
        /^127\.0\.0\.1:\d+ does not serve what you asked for \(own-server\): expected answers of this server, observed answers of another program on (\d+) of \1 connections\.$/,
      )
    },
  )

  it('nor is the answer of another program at the redirect address', async () => {
    const address = await listen(rival({ isSecured: false }))
    const elsewhere: ServerBackend = {
      ...backend,
      async start(plan, host) {
        return { ...(await backend.start(plan, host)), redirects: [address] }
      },
    }
    const { message } = await failure({
      backend: elsewhere,
      ...way,
      port: 0,
      tls: { ...tls(), redirect: '127.0.0.1:0' },
    })
    expect(message).toContain('(own-server)')
  })

  it('the answers of the server are recognised at each address', async () => {
    await using handle = await launch(
      {
        app: appFile(),
        backend,
        ...way,
        bind: ['127.0.0.1:0', '[::]:0'],
        tls: { ...tls(), redirect: '127.0.0.1:0' },
        log: { level: 'silent' },
      },
      alone,
    )
    expect(handle.verification?.endpoints.map(({ checks }) => checks.at(-1))).toEqual(
      Array.from({ length: 3 }, () => expect.objectContaining({ name: 'own-server', passed: true })),
    )
  })
})

/** Its workers read each message of the launcher late, as on a busy machine, but accept connections at once. */
function appThatHearsLate(): string {
  const file = join(folder(), 'late.mjs')
  writeFileSync(
    file,
    `import { Socket } from 'node:net'
const { emit } = Socket.prototype
Socket.prototype.emit = function (...event) {
  if (event[0] !== 'data' || this._handle?.fd !== ${controlDescriptor}) return Reflect.apply(emit, this, event)
  setTimeout(() => Reflect.apply(emit, this, event), 300)
  return true
}
export default (_request, response) => response.end('ours')
`,
  )
  return file
}

// Elsewhere no worker accepts by itself.
describe.skipIf(process.platform !== 'linux').each(['shared', 'reuse-port'] as const)(
  'under %s, workers that hear late',
  (balance) => {
    it('are recognised at the start, and in a reload', async () => {
      const [cert, key] = ['cert.pem', 'key.pem'].map((name) => join(folder(), name)) as [string, string]
      writeFileSync(cert, pair.certPem)
      writeFileSync(key, pair.keyPem, { mode: 0o600 })
      await using handle = await launch(
        {
          app: appThatHearsLate(),
          backend: clusterBackend,
          workers: 2,
          balance,
          port: 0,
          tls: { cert, key, watch: false },
          log: { level: 'silent' },
        },
        alone,
      )
      const ownServer = () =>
        handle.verification?.endpoints[0]?.checks.find(({ name }) => name === 'own-server')?.passed
      expect(ownServer()).toBe(true)
      const next = await issueCertificate({ hosts: ['localhost', '127.0.0.1'] })
      writeFileSync(cert, next.certPem)
      writeFileSync(key, next.keyPem)
      await handle.reload()
      expect(handle.verification?.endpoints[0]?.tls?.fingerprint256).toBe(next.fingerprint256)
      expect(ownServer()).toBe(true)
    })
  },
)

// A program that starts the new server before it stops the old one, and hands its socket to both.
it.skipIf(process.platform === 'win32')(
  'an earlier server may still accept from an inherited socket',
  async () => {
    const handedOver = bindHandle('127.0.0.1', { port: 0, family: 4 })
    onTestFinished(() => handedOver.close())
    listenWithoutAccepting(handedOver, 8)
    const address = await listen(rival({ isSecured: false }))
    const backend: ServerBackend = {
      ...singleBackend,
      async start(plan, host) {
        const bound = {
          ...plan,
          addresses: [{ kind: 'tcp', host: '127.0.0.1', port: 0, mayMove: false }],
        } as const
        return { ...(await singleBackend.start(bound, host)), addresses: [address] }
      },
    }
    await using handle = await launch(
      { app: appFile(), backend, bind: `fd://${handedOver.fd}`, log: { level: 'silent' } },
      alone,
    )
    expect(handle.verification?.endpoints[0]?.checks.map(({ name }) => name)).toEqual(['scheme'])
  },
)

// https://man7.org/linux/man-pages/man7/socket.7.html, SO_REUSEPORT: of two sockets that share a port, the one with the more specific address gets all connections.
describe.skipIf(process.platform !== 'linux')('a program that comes to share the port', () => {
  it.each([{ isSecured: false }, { isSecured: true }])(
    'between the bind and the probe fails the launch (TLS: $isSecured)',
    async ({ isSecured }) => {
      const port = await freePort()
      const other = rival({ isSecured })
      const { code, message } = await failure(
        {
          workers: 2,
          balance: 'reuse-port',
          host: '0.0.0.0',
          port,
          ...(isSecured && { tls: tls() }),
        },
        { onEvent: ({ type }) => void (type === 'listening' && listen(other, port)) },
      )
      expect([code, message]).toEqual(['LOCKSTEP_ERR_VERIFY_FAILED', expect.stringContaining('(own-server)')])
      // Lockstep has left nothing on the port.
      other.closeAllConnections()
      await new Promise((resolve) => other.close(resolve))
      const next = createServer().listen(port, '0.0.0.0')
      await once(next, 'listening')
      next.close()
    },
  )

  it('while the server runs fails the next reload, and the server continues with its old settings', async () => {
    const port = await freePort()
    const [cert, key] = ['cert.pem', 'key.pem'].map((name) => join(folder(), name)) as [string, string]
    const before = await issueCertificate({ hosts: ['localhost'] })
    writeFileSync(cert, before.certPem)
    writeFileSync(key, before.keyPem, { mode: 0o600 })
    await using handle = await launch(
      {
        app: appFile(),
        workers: 2,
        balance: 'reuse-port',
        host: '0.0.0.0',
        port,
        tls: { cert, key, watch: false },
        log: { level: 'silent' },
      },
      alone,
    )
    await listen(rival({ isSecured: true }), port)
    writeFileSync(cert, pair.certPem)
    writeFileSync(key, pair.keyPem)
    await expect(handle.reload()).rejects.toMatchObject({
      message: expect.stringMatching(
        /After the reload 127\.0\.0\.1:\d+ does not serve what you asked for \(own-server\)/,
      ),
    })
    expect(handle.verification?.endpoints[0]?.tls?.fingerprint256).toBe(before.fingerprint256)
  })
})
