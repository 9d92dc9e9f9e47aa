import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { type ConnectionOptions, connect as connectTls } from 'node:tls'
import { createAuthority, issueCertificate } from '@lockstep/certs'
import { type LaunchEventOf, type LaunchHandle, type LockstepConfig, launch } from '@lockstep/core'
import { describe, expect, it } from 'vitest'
import { pairFiles, write } from '../support/certificates.ts'
import { exchange } from '../support/exchange.ts'
import { fixtures, startLockstep } from '../support/lockstep.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { waitUntil } from '../support/wait-until.ts'

const header = 'PROXY TCP4 203.0.113.9 192.0.2.1 56324 443\r\n'
const proxy = { trusted: '127.0.0.1', protocol: 'require' } as const
const sources = { config: false, envFile: false, environment: false } as const
const express = join(fixtures, 'clients/express.js')

const portOf = ({ url }: LaunchHandle): number => Number(new URL(url ?? '').port)

/** A connection that a load balancer has opened, with the header sent. */
async function open(port: number, first = header): Promise<Socket> {
  const socket = connect({ host: '127.0.0.1', port })
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  socket.write(first)
  return socket
}

async function ask(socket: Socket): Promise<unknown> {
  socket.write('GET / HTTP/1.1\r\nHost: shop.example\r\nConnection: close\r\n\r\n')
  let received = ''
  for await (const bytes of socket.setEncoding('utf8')) received += String(bytes)
  return JSON.parse(received.split('\r\n\r\n')[1] ?? 'null')
}

describe('behind a load balancer that speaks the PROXY protocol', () => {
  it('the app finds the client at its socket, so every framework does', async () => {
    await using server = await launch(
      { app: express, port: 0, workers: 1, proxy, log: { level: 'silent' } },
      sources,
    )
    expect(await ask(await open(portOf(server)))).toEqual({
      express: { ip: '203.0.113.9', protocol: 'http', hostname: 'shop.example' },
      lockstep: {
        address: '203.0.113.9',
        port: 56_324,
        scheme: 'http',
        host: 'shop.example',
        isForwarded: false,
      },
    })
  })

  it.each(['single', 'cluster'])('events and counts name the client: %s', async (backend) => {
    const pair = await pairFiles()
    const ca = await createAuthority({ commonName: 'clients' })
    const stranger = await issueCertificate({ hosts: [], commonName: 'stranger', usage: 'client' })
    const refused: LaunchEventOf<'client:refused'>[] = []
    const options: LockstepConfig = {
      app: express,
      port: 0,
      backend,
      workers: 1,
      proxy,
      log: { level: 'silent' },
      tls: {
        cert: pair.cert,
        key: pair.key,
        ca: write(temporaryFolder(), 'ca.pem', ca.certPem),
        clientAuth: 'require',
      },
    }
    await using server = await launch(options, {
      ...sources,
      onEvent: (event) => event.type === 'client:refused' && refused.push(event),
    })
    const shown: ConnectionOptions = {
      cert: stranger.certPem,
      key: stranger.keyPem,
      rejectUnauthorized: false,
    }
    const socket = connectTls({ socket: await open(portOf(server)), ...shown })
    socket.on('error', () => undefined).resume()
    await waitUntil(() => refused.length === 1, { what: 'the event' })
    expect(refused).toMatchObject([{ subject: 'CN=stranger', address: '203.0.113.9' }])
    await once(await open(portOf(server), 'GET / HTTP/1.1\r\n\r\n'), 'close')
    const counted = (): number | undefined => server.workers[0]?.served?.refusedConnections
    await waitUntil(() => counted() === 1, {
      what: () => `the refused connection in the count, not ${counted()}`,
    })
  })

  it('a new worker is checked through the header too before it replaces an old one', async () => {
    await using server = await launch(
      { app: express, port: 0, backend: 'cluster', workers: 1, proxy, log: { level: 'silent' } },
      sources,
    )
    expect(await server.reload()).toMatchObject({ replaced: 1 })
    expect(await ask(await open(portOf(server)))).toMatchObject({ lockstep: { address: '203.0.113.9' } })
  })

  it('plain HTTP to a TLS port is answered with the mistake, as without a load balancer', async () => {
    const { cert, key } = await pairFiles()
    await using server = await launch(
      { app: express, port: 0, workers: 1, proxy, log: { level: 'silent' }, tls: { cert, key } },
      sources,
    )
    const socket = await open(portOf(server), `${header}GET / HTTP/1.1\r\nHost: localhost\r\n\r\n`)
    let received = ''
    for await (const bytes of socket.setEncoding('utf8')) received += String(bytes)
    expect(received).toMatch(/^HTTP\/1\.1 400 [\s\S]*This port speaks HTTPS/)
  })

  it('a reason is logged for each refused connection, at most ten a second, and none for a check of the port', async () => {
    await using server = await startLockstep(
      ['run', express, '--port', '0', '--proxy-protocol', 'require', '--forwarded-allow-ips', '192.0.2.1'],
      {},
    )
    // A program that only looks whether the port is open.
    for (const first of ['', 'PROXY TCP4 ']) (await open(server.port, first)).end()
    await once(await open(server.port), 'close')
    await server.waitFor(/its PROXY header names a client, which only a proxy of --forwarded-allow-ips may/)
    const started = performance.now()
    const sockets = await Promise.all(Array.from({ length: 60 }, () => open(server.port, 'x')))
    await Promise.all(sockets.map(async (socket) => socket.closed || (await once(socket, 'close'))))
    const lines = (): string[] =>
      server
        .stderr()
        .split('\n')
        .filter((line) => line.includes('connection refused'))
    await waitUntil(() => lines().length >= 10, { what: 'the lines' })
    const seconds = Math.floor((performance.now() - started) / 1_000) + 2
    expect(lines().length).toBeLessThanOrEqual(10 * seconds)
    expect(lines().every((line) => line.includes('127.0.0.1'))).toBe(true)
  })

  it.skipIf(process.platform === 'win32')('a UNIX domain socket demands the header too', async () => {
    const path = join(temporaryFolder(), 'app.sock')
    await using server = await launch(
      {
        app: express,
        bind: `unix:${path}`,
        workers: 1,
        proxy: { ...proxy, trusted: 'unix' },
        log: { level: 'silent' },
      },
      sources,
    )
    expect(server.url).toBe(`unix:${path}`)
    await expect(exchange('http://localhost', { socketPath: path })).rejects.toThrow()
    const socket = connect({ path })
    await once(socket, 'connect')
    socket.write(header)
    expect(await ask(socket)).toMatchObject({ lockstep: { address: '203.0.113.9' } })
  })
})
