// A reload that changes how clients are judged ends the connections of clients that were judged before.
import { once } from 'node:events'
import { copyFileSync } from 'node:fs'
import http2 from 'node:http2'
import { join } from 'node:path'
import { connect, type TLSSocket } from 'node:tls'
import { createAuthority, issueCertificate, issueRevocationList } from '@lockstep/certs'
import { type LaunchHandle, launch } from '@lockstep/core'
import { describe, expect, it } from 'vitest'
import { write } from '../support/certificates.ts'
import { fixtures } from '../support/lockstep.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const later = join(fixtures, 'apps', 'later.js')

interface Served extends AsyncDisposable {
  readonly handle: LaunchHandle
  readonly folder: string
  readonly client: { readonly cert: string; readonly key: string }
  readonly port: number
}

async function serve(workers: number, protocols = 'http/1.1', graceful = '10s'): Promise<Served> {
  const folder = temporaryFolder()
  const [ours, others] = await Promise.all([
    createAuthority({ commonName: 'ours' }),
    createAuthority({ commonName: 'others' }),
  ])
  const [server, second, client] = await Promise.all([
    issueCertificate({ authority: ours, hosts: ['localhost', '127.0.0.1'] }),
    issueCertificate({ authority: ours, hosts: ['localhost', '127.0.0.1'] }),
    issueCertificate({ authority: ours, hosts: ['client'], usage: 'client' }),
  ])
  write(folder, 'ours.pem', ours.certPem)
  write(folder, 'others.pem', others.certPem)
  write(folder, 'of-others.pem', await issueRevocationList({ authority: others, revoked: [] }))
  write(folder, 'revoked.pem', await issueRevocationList({ authority: ours, revoked: [client.serialNumber] }))
  write(folder, 'second.pem', second.chainPem)
  write(folder, 'second.key', second.keyPem)
  const handle = await launch(
    {
      app: later,
      port: 0,
      workers,
      backend: workers > 1 ? 'cluster' : 'single',
      log: { level: 'silent' },
      timeouts: { graceful, keepAlive: '1m' },
      tls: {
        cert: write(folder, 'cert.pem', server.chainPem),
        key: write(folder, 'cert.key', server.keyPem),
        ca: write(folder, 'ca.pem', ours.certPem),
        crl: write(folder, 'crl.pem', await issueRevocationList({ authority: ours, revoked: [] })),
        clientAuth: 'require',
        protocols,
        watch: false,
      },
    } as never,
    { config: false, envFile: false, environment: false },
  )
  return {
    handle,
    folder,
    client: { cert: client.chainPem, key: client.keyPem },
    port: Number(new URL(handle.url).port),
    [Symbol.asyncDispose]: () => handle.stop({ force: true }).then(() => undefined),
  }
}

async function open(
  { port, client }: Served,
  path = '/',
): Promise<{ socket: TLSSocket; got: () => string; closed: Promise<void>; ask(path: string): void }> {
  const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ...client })
  let got = ''
  socket.on('data', (bytes: Buffer) => {
    got += bytes.toString('latin1')
  })
  socket.on('error', () => {})
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  await once(socket, 'secureConnect')
  const ask = (target: string): void => void socket.write(`GET ${target} HTTP/1.1\r\nHost: a\r\n\r\n`)
  ask(path)
  if (path === '/') await once(socket, 'data')
  return { socket, got: () => got, closed, ask }
}

/** Copies files over others. */
const otherCa = [
  ['others.pem', 'ca.pem'],
  ['of-others.pem', 'crl.pem'],
]
const changes = [
  { name: 'another CA', files: otherCa },
  { name: 'another revocation list', files: [['revoked.pem', 'crl.pem']] },
]

async function change({ folder, handle }: Served, files: readonly (readonly string[])[]): Promise<void> {
  for (const [from = '', to = ''] of files) copyFileSync(join(folder, from), join(folder, to))
  await handle.reload({ scope: 'tls' })
}

describe.each([
  { backend: 'single', workers: 1 },
  { backend: 'cluster', workers: 2 },
])('under $backend', ({ workers }) => {
  it.each(changes)('$name closes idle connections, and lets requests in flight end', async ({ files }) => {
    await using served = await serve(workers)
    const idle = await open(served)
    const busy = await open(served, '/?ms=1000')
    await change(served, files)
    await idle.closed
    await busy.closed
    expect(busy.got()).toMatch(/^HTTP\/1\.1 200[\s\S]*Connection: close[\s\S]*later/i)
  })

  it('a change of only the certificate leaves connections open', async () => {
    await using served = await serve(workers)
    const kept = await open(served)
    await change(served, [
      ['second.pem', 'cert.pem'],
      ['second.key', 'cert.key'],
    ])
    for (const _ of [1, 2, 3]) {
      const before = kept.got().length
      kept.ask('/?ms=200')
      await once(kept.socket, 'data')
      expect(kept.got().slice(before)).toMatch(/^HTTP\/1\.1 200(?![\s\S]*Connection: close)/i)
    }
    kept.socket.destroy()
  })

  it('an HTTP/2 connection gets GOAWAY and its answer', async () => {
    await using served = await serve(workers, 'h2')
    const session = http2.connect(served.handle.url, { rejectUnauthorized: false, ...served.client })
    session.on('error', () => {})
    const goaway = once(session, 'goaway')
    const stream = session.request({ ':path': '/?ms=1000' })
    await once(session, 'connect')
    await new Promise((resolve) => session.ping(resolve))
    const ended = new Promise<string>((resolve) => {
      let body = ''
      stream.setEncoding('utf8').on('data', (text) => {
        body += String(text)
      })
      stream.on('close', () => resolve(body))
    })
    await change(served, otherCa)
    await goaway
    expect(await ended).toContain('later')
    if (!session.destroyed) await once(session, 'close')
  })

  it('connections that do not end are cut at the deadline', async () => {
    await using served = await serve(workers, 'http/1.1', '700ms')
    const endless = await open(served, '/?ms=3600000')
    await change(served, otherCa)
    await endless.closed
    expect(endless.got()).toBe('')
  })
})
