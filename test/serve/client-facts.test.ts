import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { type LaunchHandle, type LockstepConfig, launch } from '@lockstep/core'
import { describe, expect, it } from 'vitest'
import { pairFiles } from '../support/certificates.ts'
import { exchange } from '../support/exchange.ts'
import { fixtures } from '../support/lockstep.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { waitUntil } from '../support/wait-until.ts'

const forwarded = {
  'X-Forwarded-For': '198.51.100.66, 203.0.113.9',
  'X-Forwarded-Proto': 'https',
  'X-Forwarded-Host': 'shop.example',
}

async function launchClients(app: string, options: LockstepConfig): Promise<LaunchHandle> {
  return launch(
    { port: 0, ...options, app: join(fixtures, 'clients', app), workers: 1, log: { level: 'silent' } },
    { config: false, envFile: false, environment: false },
  )
}

/** What comes back for these bytes, on a connection of its own. */
async function answerTo(url: string, bytes: string): Promise<string> {
  const { hostname, port } = new URL(url)
  const socket = connect({ host: hostname, port: Number(port) })
  await once(socket, 'connect')
  socket.end(bytes)
  return text(socket)
}

const client = {
  address: '203.0.113.9',
  port: null,
  scheme: 'https',
  host: 'shop.example',
  isForwarded: true,
}

describe('an app behind a trusted proxy', () => {
  it('finds the client by clientFacts(), and Express finds the same though it trusts every hop', async () => {
    await using server = await launchClients('express.js', { proxy: { trusted: '127.0.0.1' } })
    const { body } = await exchange(server.url ?? '', { headers: forwarded })
    expect(JSON.parse(body)).toEqual({
      express: { ip: '203.0.113.9', protocol: 'https', hostname: 'shop.example' },
      lockstep: client,
    })
  })

  it('finds the client by a Request of the Fetch API, whose URL is the one that the client used', async () => {
    await using server = await launchClients('hono.js', { proxy: { trusted: '127.0.0.1' } })
    const { body } = await exchange(server.url ?? '', { path: '/a?b=c', headers: forwarded })
    expect(JSON.parse(body)).toEqual({ url: 'https://shop.example/a?b=c', lockstep: client })
  })

  it('finds the client of an upgrade and of CONNECT, which the access log names too', async () => {
    const file = join(temporaryFolder(), 'access.log')
    await using server = await launchClients('upgrades.js', {
      proxy: { trusted: '127.0.0.1' },
      accessLog: { file, format: 'json' },
    })
    const fields = Object.entries(forwarded).map(([name, value]) => `${name}: ${value}\r\n`)
    const head = `Host: inner.example\r\n${fields.join('')}`
    for (const line of [
      `GET / HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: other\r\n`,
      'CONNECT other.example:443 HTTP/1.1\r\n',
    ]) {
      const answer = await answerTo(server.url ?? '', `${line}${head}\r\n`)
      expect(JSON.parse(answer.split('\r\n\r\n')[1] ?? '')).toEqual({
        ...client,
        claims: Object.keys(forwarded).map((name) => name.toLowerCase()),
      })
    }
    // The file is made with the first line, once a connection is closed.
    const lines = (): string[] =>
      existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : []
    await waitUntil(() => lines().length === 2, { what: 'two lines in the access log' })
    for (const line of lines()) expect(JSON.parse(line)).toMatchObject({ remoteAddress: '203.0.113.9' })
  })

  it.skipIf(process.platform === 'win32')(
    'trusts a proxy over a UNIX domain socket by the word unix',
    async () => {
      const path = join(temporaryFolder(), 'app.sock')
      for (const [trusted, address] of [
        ['unix', '203.0.113.9'],
        ['127.0.0.1', null],
      ] as const) {
        await using _server = await launch(
          {
            bind: `unix:${path}`,
            app: join(fixtures, 'clients/express.js'),
            workers: 1,
            log: { level: 'silent' },
            proxy: { trusted },
          },
          { config: false, envFile: false, environment: false },
        )
        const { body } = await exchange('http://localhost', { socketPath: path, headers: forwarded })
        expect(JSON.parse(body)).toMatchObject({ lockstep: { address } })
      }
    },
  )
})

describe('an app that no trusted proxy is in front of', () => {
  it('gets the facts of the connection, and Express does, whatever a client claims', async () => {
    const { cert, key, certPem } = await pairFiles()
    await using server = await launchClients('express.js', {
      proxy: { trusted: '192.0.2.1' },
      tls: { cert, key },
    })
    const { port, host } = new URL(server.url ?? '')
    const { body } = await exchange(server.url ?? '', {
      ca: certPem,
      headers: { ...forwarded, 'X-Forwarded-Proto': 'http' },
    })
    const seen = JSON.parse(body) as { lockstep: { port: number } }
    expect(seen).toEqual({
      express: { ip: '127.0.0.1', protocol: 'https', hostname: host.slice(0, -port.length - 1) },
      lockstep: {
        address: '127.0.0.1',
        port: seen.lockstep.port,
        scheme: 'https',
        host,
        isForwarded: false,
      },
    })
    expect(seen.lockstep.port).not.toBe(Number(port))
  })

  it('knows the client by clientFacts() when no proxy is named, and keeps the fields for its own setting', async () => {
    await using server = await launchClients('express.js', {})
    const { body } = await exchange(server.url ?? '', { headers: forwarded })
    expect(JSON.parse(body)).toMatchObject({
      express: { ip: '198.51.100.66', protocol: 'https' },
      lockstep: { address: '127.0.0.1', scheme: 'http', isForwarded: false },
    })
  })
})
