import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import http2 from 'node:http2'
import https from 'node:https'
import type { Server as NetServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createAuthority, type IssuedCertificate, issueCertificate } from '@lockstep/certs'
import { type LaunchError, type LockstepConfig, launch, type ServerBackend } from '@lockstep/core'
import { clusterBackend, type LaunchPlan, singleBackend } from '@lockstep/core/backend'
import { beforeAll, describe, expect, it } from 'vitest'

/** A backend that claims to support everything and then serves something else. The launcher must not believe it. */
function liar(
  serve: (plan: LaunchPlan) => http.Server | https.Server | http2.Http2SecureServer,
): ServerBackend & { readonly servers: NetServer[]; readonly snapshots: string[] } {
  const servers: NetServer[] = []
  const snapshots: string[] = []
  return {
    name: 'liar',
    support: { ...singleBackend.support, workers: clusterBackend.support.workers },
    servers,
    snapshots,
    async start(plan) {
      const server = serve(plan)
      servers.push(server)
      const listening = Promise.withResolvers<void>()
      server.listen(0, '127.0.0.1', listening.resolve)
      await listening.promise
      const stopped = Promise.withResolvers<object>()
      const address = server.address() as { address: string; port: number }
      return {
        addresses: [{ kind: 'tcp', host: address.address, port: address.port }],
        workers: () => [],
        stopped: stopped.promise,
        // It acknowledges the reload, and changes nothing.
        applyTls: async ({ leaf }) => void snapshots.push(leaf.fingerprint256),
        async stop() {
          if ('closeAllConnections' in server) server.closeAllConnections()
          server.close(() => stopped.resolve({}))
          await stopped.promise
        },
      }
    },
  }
}

const app = (_request: http.IncomingMessage, response: http.ServerResponse): void => void response.end('fine')

let pair: IssuedCertificate
let other: IssuedCertificate
let ca: string

beforeAll(async () => {
  pair = await issueCertificate({ hosts: ['localhost', '127.0.0.1'] })
  other = await issueCertificate({ hosts: ['localhost', '127.0.0.1'] })
  ca = (await createAuthority({ commonName: 'clients' })).certPem
})

/** The options of a correct server for this plan, so that a test can falsify one of them. */
function honest(tls: NonNullable<LaunchPlan['tls']>): https.ServerOptions {
  return {
    cert: tls.chains.map(({ cert }) => cert),
    key: tls.chains.map(({ key }) => key),
    ...(tls.ca !== null && { ca: tls.ca }),
    requestCert: tls.clientAuth !== 'none',
    rejectUnauthorized: tls.clientAuth === 'require',
    minVersion: tls.minVersion,
    maxVersion: tls.maxVersion,
    ciphers: `${tls.ciphersuites}:${tls.ciphers}`,
    ecdhCurve: tls.groups,
    ...(tls.sigalgs !== null && { sigalgs: tls.sigalgs }),
    ALPNProtocols: ['http/1.1'],
  }
}

function bent(bend: (tls: NonNullable<LaunchPlan['tls']>) => https.ServerOptions) {
  return liar(({ tls }) => {
    if (!tls) throw new Error('this liar is for TLS')
    return https.createServer({ ...honest(tls), ...bend(tls) }, app)
  })
}

async function differences(backend: ReturnType<typeof liar>, options: LockstepConfig): Promise<string[]> {
  const error = await launch(
    { app, backend, log: { level: 'silent' }, ...options },
    { config: false, envFile: false, environment: false },
  ).then(
    async (handle) => {
      await handle.stop()
      throw new Error('the launch was announced')
    },
    (reason: LaunchError) => reason,
  )
  expect(
    error.faults?.every(({ code }) => code === 'LOCKSTEP_ERR_VERIFY_FAILED'),
    error.stack,
  ).toBe(true)
  expect(error.exitCode).toBe(7)
  for (const server of backend.servers) expect(server.listening).toBe(false)
  return error.faults.map(({ message }) => /\(([a-z0-9-]+)\): expected/.exec(message)?.[1] ?? message)
}

const tls = (): { cert: string; key: string } => ({ cert: pair.certPem, key: pair.keyPem })

describe('verification of a running server', () => {
  it('accepts a correct backend, and reports what it measured', async () => {
    const backend = bent(() => ({}))
    await using handle = await launch(
      { app, backend, log: { level: 'silent' }, tls: { ...tls(), ca, clientAuth: 'require' } },
      { config: false, envFile: false, environment: false },
    )
    const [endpoint] = handle.verification?.endpoints ?? []
    expect(endpoint).toMatchObject({
      scheme: 'https',
      url: handle.url,
      tls: { version: 'TLSv1.3', fingerprint256: pair.fingerprint256, alpn: 'http/1.1' },
    })
    expect(endpoint?.checks.map(({ name }) => name)).toEqual([
      'no-plain-http',
      'scheme',
      'certificate',
      'versions',
      'max-version',
      'alpn',
      'alpn-h2',
      'ciphers',
      'ciphersuites',
      'groups',
      'min-version',
      'client-auth-asks',
      'client-without-certificate',
      'client-with-strange-certificate',
    ])
  })

  it('catches a promised TLS version that is not served', async () => {
    const backend = bent(() => ({ minVersion: 'TLSv1.3' }))
    expect(await differences(backend, { tls: tls() })).toEqual(['versions'])
  })

  it('catches plain HTTP under TLS options', async () => {
    expect(
      await differences(
        liar(() => http.createServer(app)),
        { tls: tls() },
      ),
    ).toEqual(expect.arrayContaining(['scheme', 'certificate']))
  })

  it('catches TLS where plain HTTP was planned', async () => {
    const backend = liar(() => https.createServer({ cert: pair.certPem, key: pair.keyPem }, app))
    expect(await differences(backend, {})).toEqual(['scheme'])
  })

  it('catches another certificate', async () => {
    expect(
      await differences(
        bent(() => ({ cert: other.certPem, key: other.keyPem })),
        { tls: tls() },
      ),
    ).toEqual(['certificate'])
  })

  it('catches a lower minimum version', async () => {
    expect(
      await differences(
        bent(() => ({ minVersion: 'TLSv1.2' })),
        { tls: { ...tls(), minVersion: 'TLSv1.3' } },
      ),
    ).toEqual(['min-version'])
  })

  it('catches a minimum version below TLS 1.2 when none was set', async () => {
    const backend = bent(() => ({ minVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }))
    expect(await differences(backend, { tls: tls() })).toContain('min-version')
  })

  it('catches an ignored maximum version', async () => {
    expect(
      await differences(
        bent(() => ({ maxVersion: 'TLSv1.3' })),
        { tls: { ...tls(), maxVersion: 'TLSv1.2' } },
      ),
    ).toContain('max-version')
  })

  it.each([
    ['ciphers', 'TLSv1.2', 'ECDHE-ECDSA-AES256-GCM-SHA384'],
    ['ciphersuites', 'TLSv1.3', 'TLS_AES_128_GCM_SHA256'],
  ] as const)('catches a dropped list of %s, for each preference', async (option, version, only) => {
    const everything =
      'TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES128-GCM-SHA256'
    const options = { tls: { ...tls(), [option]: only, minVersion: version, maxVersion: version } }
    expect(
      await differences(
        bent(() => ({ ciphers: everything })),
        options,
      ),
    ).toEqual([option])
  })

  it.each(['TLSv1.2', 'TLSv1.3'] as const)('catches a dropped list of groups (%s)', async (version) => {
    const { certPem, keyPem } = await issueCertificate({ hosts: ['localhost'], keyType: 'rsa-2048' })
    const rsa = { cert: certPem, key: keyPem }
    expect(
      await differences(
        bent(() => ({ ecdhCurve: 'auto' })),
        { tls: { ...rsa, groups: 'P-256', minVersion: version, maxVersion: version } },
      ),
    ).toEqual(['groups'])
  })

  it.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'catches a dropped list of signature algorithms (%s)',
    async (version) => {
      const { certPem, keyPem } = await issueCertificate({ hosts: ['localhost'], keyType: 'rsa-2048' })
      expect(
        await differences(
          bent(() => ({ sigalgs: 'RSA-PSS+SHA256:RSA-PSS+SHA384' })),
          {
            tls: {
              cert: certPem,
              key: keyPem,
              sigalgs: 'RSA-PSS+SHA384',
              minVersion: version,
              maxVersion: version,
            },
          },
        ),
      ).toEqual(['sigalgs'])
    },
  )

  it('catches SNI hosts that are dropped, and unknown ones that are served', async () => {
    const shop = await issueCertificate({ hosts: ['*.shop.test'] })
    const sni = { '*.shop.test': { cert: shop.certPem, key: shop.keyPem } }
    expect(
      await differences(
        bent(() => ({})),
        { tls: { ...tls(), sni, unknownHost: 'reject' } },
      ),
    ).toEqual(['sni', 'unknown-host'])
  })

  it('catches a dropped second chain', async () => {
    const rsa = await issueCertificate({ hosts: ['localhost'], keyType: 'rsa-2048' })
    expect(
      await differences(
        bent(() => ({ cert: pair.certPem, key: pair.keyPem })),
        { tls: { cert: [pair.certPem, rsa.certPem], key: [pair.keyPem, rsa.keyPem] } },
      ),
    ).toEqual(['certificate'])
  })

  it.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'catches a server that does not ask for client certificates (%s)',
    async (version) => {
      const options = { tls: { ...tls(), ca, minVersion: version, maxVersion: version } }
      const backend = (): ReturnType<typeof liar> =>
        bent(() => ({ requestCert: false, rejectUnauthorized: false }))
      expect(await differences(backend(), { tls: { ...options.tls, clientAuth: 'request' } })).toEqual([
        'client-auth-asks',
      ])
      expect(await differences(backend(), { tls: { ...options.tls, clientAuth: 'require' } })).toEqual([
        'client-auth-asks',
        'client-without-certificate',
        'client-with-strange-certificate',
      ])
    },
  )

  it('catches a server that requests client certificates and accepts any', async () => {
    const backend = bent(() => ({ requestCert: true, rejectUnauthorized: false }))
    expect(await differences(backend, { tls: { ...tls(), ca, clientAuth: 'require' } })).toEqual([
      'client-without-certificate',
      'client-with-strange-certificate',
    ])
  })

  it('catches a server that requires a client certificate that was only requested', async () => {
    const backend = bent(() => ({ requestCert: true, rejectUnauthorized: true }))
    expect(await differences(backend, { tls: { ...tls(), ca, clientAuth: 'request' } })).toEqual([
      'client-without-certificate',
      'client-with-strange-certificate',
    ])
  })

  it('catches a server that selects no application protocol', async () => {
    expect(
      await differences(
        bent(() => ({ ALPNProtocols: [] })),
        { tls: tls() },
      ),
    ).toEqual(['alpn'])
  })

  it('catches a server that drops HTTP/2', async () => {
    const protocols = { ...tls(), protocols: ['h2', 'http/1.1'] }
    expect(
      await differences(
        bent(() => ({})),
        { tls: protocols },
      ),
    ).toEqual(['alpn-h2'])
  })

  it('catches a server that negotiates HTTP/2 and then speaks another protocol', async () => {
    const agrees = bent(() => ({ ALPNProtocols: ['h2', 'http/1.1'] }))
    expect(await differences(agrees, { tls: { ...tls(), protocols: ['h2', 'http/1.1'] } })).toEqual([
      'alpn-h2',
    ])
  })

  it('catches a server that speaks HTTP/2 or HTTP/1.1 although it was not planned', async () => {
    expect(
      await differences(
        bent(() => ({ ALPNProtocols: ['h2', 'http/1.1'] })),
        { tls: tls() },
      ),
    ).toEqual(['alpn-h2'])
    const both = liar(({ tls: planned }) =>
      http2.createSecureServer(
        { ...(planned && honest(planned)), ALPNProtocols: ['h2', 'http/1.1'], allowHTTP1: true },
        (_request, response) => response.end('fine'),
      ),
    )
    expect(await differences(both, { tls: { ...tls(), protocols: 'h2' } })).toEqual(['alpn-http1'])
  })

  it('catches a backend without its redirect, and one whose redirect leads elsewhere', async () => {
    const asked = { tls: { ...tls(), redirect: '127.0.0.1:0' } }
    const dropped = bent(() => ({}))
    expect(await differences(dropped, asked)).toEqual(['redirect'])

    const open = http.createServer((request, response) =>
      response.writeHead(308, { Location: `https://${request.headers.host}${request.url}` }).end(),
    )
    open.listen(0, '127.0.0.1')
    await once(open, 'listening')
    const { port } = open.address() as { port: number }
    const honestOne = bent(() => ({}))
    const backend = {
      ...honestOne,
      start: async (...given: Parameters<ServerBackend['start']>) => ({
        ...(await honestOne.start(...given)),
        redirects: [{ kind: 'tcp', host: '127.0.0.1', port } as const],
      }),
    }
    expect(await differences(backend, asked)).toEqual(['redirect', 'redirect-host'])
    open.close()
  })

  it('catches a port on which nothing answers', async () => {
    const backend = liar(() => http.createServer(app).on('connection', (socket) => socket.destroy()))
    expect(await differences(backend, {})).toEqual(['scheme'])
  })

  it('measures nothing when it is switched off, and reports that', async () => {
    const backend = liar(() => http.createServer(app))
    await using handle = await launch(
      { app, backend, verify: false, log: { level: 'silent' }, tls: tls() },
      { config: false, envFile: false, environment: false },
    )
    expect(handle.verification).toBeNull()
  })

  it('catches a backend that acknowledges a reload but still serves the old leaf', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lockstep-verification-'))
    const write = ({ certPem, keyPem }: IssuedCertificate): void => {
      writeFileSync(join(folder, 'cert.pem'), certPem)
      writeFileSync(join(folder, 'key.pem'), keyPem, { mode: 0o600 })
    }
    write(pair)
    const files = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem'), watch: false }
    const backend = bent(() => ({}))
    await using handle = await launch(
      { app, backend, log: { level: 'silent' }, tls: files },
      { config: false, envFile: false, environment: false },
    )
    write(other)
    await expect(handle.reload()).rejects.toMatchObject({
      code: 'LOCKSTEP_ERR_VERIFY_FAILED',
      message: expect.stringMatching(/^After the reload .*\(certificate\)/),
    })
    expect(backend.snapshots).toEqual([other.fingerprint256, pair.fingerprint256])
    expect(handle.status()).toMatchObject({
      state: 'ready',
      certificate: { fingerprint256: pair.fingerprint256 },
      reload: { last: null, failure: { code: 'LOCKSTEP_ERR_VERIFY_FAILED' } },
    })
    rmSync(folder, { recursive: true })
  })

  it('treats a failed handshake after a reload as a fault, and restores the old settings', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lockstep-verification-'))
    const write = ({ certPem, keyPem }: IssuedCertificate): void => {
      writeFileSync(join(folder, 'cert.pem'), certPem)
      writeFileSync(join(folder, 'key.pem'), keyPem, { mode: 0o600 })
    }
    write(pair)
    const files = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem'), watch: false }
    const honestOne = bent(() => ({}))
    const backend: ServerBackend = {
      ...honestOne,
      async start(...given) {
        const running = await honestOne.start(...given)
        return {
          ...running,
          async applyTls(tls, ...rest) {
            await running.applyTls(tls, ...rest)
            const [server] = honestOne.servers as https.Server[]
            // No TLS client supports anything that it offers.
            server?.setSecureContext({
              ...honest(tls),
              ciphers: 'PSK-AES128-GCM-SHA256',
              maxVersion: 'TLSv1.2',
            })
          },
        }
      },
    }
    await using handle = await launch(
      { app, backend, log: { level: 'silent' }, tls: files },
      { config: false, envFile: false, environment: false },
    )
    write(other)
    await expect(handle.reload()).rejects.toThrow(/scheme|certificate/)
    expect(honestOne.snapshots).toEqual([other.fingerprint256, pair.fingerprint256])
    rmSync(folder, { recursive: true })
  })

  it('never sends a request to the app', async () => {
    const asked: (string | undefined)[] = []
    const counting = (request: http.IncomingMessage, response: http.ServerResponse): void => {
      asked.push(request.url)
      response.end()
    }
    await using handle = await launch(
      { app: counting, port: 0, tls: tls(), log: { level: 'silent' } },
      { config: false, envFile: false, environment: false },
    )
    await handle.stop()
    expect(asked).toEqual([])
  })
})
