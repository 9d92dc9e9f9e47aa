// An SNI host with two chains. Each client gets the chain that fits its signature algorithms and cipher suites.
import { once } from 'node:events'
import { connect } from 'node:net'
import { join } from 'node:path'
import { connect as connectTls } from 'node:tls'
import { type LaunchHandle, launch } from '@lockstep/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Pair, pairFiles } from '../support/certificates.ts'
import { fixtures } from '../support/lockstep.ts'
import { tlsExchange } from '../support/tls-client.ts'

const hosts = ['api.example.com']
let server: LaunchHandle
let port: number
let ecdsa: Pair
let rsa: Pair

beforeAll(async () => {
  const own = await pairFiles()
  ecdsa = await pairFiles({ hosts })
  rsa = await pairFiles({ hosts, keyType: 'rsa-2048' })
  const [cert, key] = [
    [ecdsa.cert, rsa.cert],
    [ecdsa.key, rsa.key],
  ]
  server = await launch(
    {
      app: join(fixtures, 'apps/hello.js'),
      port: 0,
      log: { level: 'silent' },
      tls: {
        cert: own.cert,
        key: own.key,
        handshakeTimeout: '1s',
        sni: { 'api.example.com': { cert, key } },
      },
    },
    { config: false, envFile: false, environment: false },
  )
  port = Number(new URL(server.url).port)
})

afterAll(() => server.stop())

describe('an SNI host with an ECDSA and an RSA chain', () => {
  const only12 = { maxVersion: 'TLSv1.2', servername: 'api.example.com' } as const

  it.each([
    { what: 'only RSA suites', ciphers: 'ECDHE-RSA-AES128-GCM-SHA256', chain: () => rsa },
    { what: 'only ECDSA suites', ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256', chain: () => ecdsa },
    {
      what: 'both',
      ciphers: 'ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES128-GCM-SHA256',
      chain: () => ecdsa,
    },
  ])('sends a TLS 1.2 client with $what the chain that it can use', async ({ ciphers, chain }) => {
    const { fingerprint256 } = await tlsExchange(port, { ...only12, ciphers })
    expect(fingerprint256).toBe(chain().fingerprint256)
  })

  it('sends a TLS 1.3 client the chain that it can verify', async () => {
    const of = async (sigalgs: string): Promise<string> =>
      (await tlsExchange(port, { servername: 'api.example.com', sigalgs })).fingerprint256
    expect(await of('RSA-PSS+SHA256')).toBe(rsa.fingerprint256)
    expect(await of('ECDSA+SHA256')).toBe(ecdsa.fingerprint256)
  })

  it('serves a client whose first bytes arrive one by one', async () => {
    const tcp = connect(port, '127.0.0.1').setNoDelay()
    await once(tcp, 'connect')
    const secured = connectTls({
      socket: slowly(tcp),
      servername: 'api.example.com',
      rejectUnauthorized: false,
    })
    await once(secured, 'secureConnect', { signal: AbortSignal.timeout(10_000) })
    expect([rsa.fingerprint256, ecdsa.fingerprint256]).toContain(
      secured.getPeerX509Certificate()?.fingerprint256,
    )
    secured.destroy()
  })

  it('disconnects a client that sends nothing within the handshake timeout', async () => {
    const tcp = connect(port, '127.0.0.1').on('error', () => undefined)
    await once(tcp, 'close', { signal: AbortSignal.timeout(10_000) })
  })
})

/** Sends the first bytes one by one. */
function slowly(tcp: ReturnType<typeof connect>): ReturnType<typeof connect> {
  const write = tcp.write.bind(tcp)
  let first = true
  tcp.write = ((bytes: Buffer, ...rest: []) => {
    if (!first) return write(bytes, ...rest)
    first = false
    for (let index = 0; index < 6; index += 1) write(bytes.subarray(index, index + 1))
    return write(bytes.subarray(6), ...rest)
  }) as typeof tcp.write
  return tcp
}
