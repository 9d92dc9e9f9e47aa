import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { io, type Socket } from 'socket.io-client'
import { describe, expect, it } from 'vitest'
import { pairFiles } from '../support/certificates.ts'
import { type Started, startLockstep } from '../support/lockstep.ts'
import { runsEverything } from '../support/runs-everything.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { waitUntil } from '../support/wait-until.ts'

function start(...args: readonly string[]): Promise<Started> {
  return startLockstep([
    ...['run', 'clients/socket-io.js', '--backend', 'cluster', '--port', '0', '--workers', '4'],
    ...args,
  ])
}

interface Client extends AsyncDisposable {
  readonly socket: Socket
  /** What the client and the server have made of the connection so far. */
  readonly happened: string[]
  /** The process that answers an event. */
  echo(value: string): Promise<{ value: string; pid: number }>
}

/** A client that keeps cookies, as a browser does. */
async function client(server: Started, transports: readonly string[]): Promise<Client> {
  const happened: string[] = []
  const socket = io(server.url, {
    transports: [...transports],
    withCredentials: true,
    rejectUnauthorized: false,
    forceNew: true,
    reconnectionDelay: 50,
  })
  socket.on('connect_error', (error) => happened.push(`connect_error: ${error.message}`))
  socket.on('disconnect', (reason) => happened.push(`disconnect: ${reason}`))
  await waitUntil(() => socket.connected, { what: `the connection (${happened.join()})` })
  return {
    socket,
    happened,
    async echo(value) {
      const [answer, pid] = await new Promise<[string, number]>((resolve) =>
        socket.emit('echo', value, (...answers: [string, number]) => resolve(answers)),
      )
      return { value: answer, pid }
    },
    async [Symbol.asyncDispose]() {
      socket.disconnect()
    },
  }
}

const transportOf = ({ socket }: Client): string | undefined => socket.io.engine?.transport.name

const ways = ['round-robin', 'shared', 'reuse-port'].flatMap((balance) =>
  ['plain HTTP', 'TLS'].map((scheme) => [balance, scheme] as const),
)
const isRun = (way: (typeof ways)[number]): boolean => runsEverything || way.join() === 'shared,TLS'

describe.each(ways.filter(isRun))('Socket.IO under %s over %s', (balance, scheme) => {
  it('polls, and upgrades to a WebSocket after that, with four workers', async () => {
    const { cert, key } = await pairFiles()
    await using server = await start(
      ...['--balance', balance, '--sticky', 'cookie'],
      ...(scheme === 'TLS' ? ['--cert', cert, '--key', key, '--tls-protocols', 'h2,http/1.1'] : []),
    )
    const pids = new Set<number>()
    for (let count = 0; count < 4; count += 1) {
      await using polling = await client(server, ['polling'])
      for (let index = 0; index < 10; index += 1) {
        const { value, pid } = await polling.echo(`${index}`)
        expect([value, pid]).toEqual([`${index}`, (await polling.echo('again')).pid])
        pids.add(pid)
      }
      expect([transportOf(polling), polling.happened]).toEqual(['polling', []])

      await using upgrading = await client(server, ['polling', 'websocket'])
      const { pid } = await upgrading.echo('first')
      await waitUntil(() => transportOf(upgrading) === 'websocket', { what: 'the upgrade' })
      expect((await upgrading.echo('over a WebSocket')).pid).toBe(pid)
      expect(upgrading.happened).toEqual([])
    }
  })
})

describe('Socket.IO with --sticky', () => {
  it('fails to poll without it, as docs/sticky.md says', async () => {
    await using server = await start('--balance', 'round-robin')
    const codes = await Promise.all(
      Array.from({ length: 12 }, async () => {
        const opened = await (await fetch(`${server.url}socket.io/?EIO=4&transport=polling`)).text()
        const { sid } = JSON.parse(opened.slice(1)) as { sid: string }
        const polled = await fetch(`${server.url}socket.io/?EIO=4&transport=polling&sid=${sid}`, {
          method: 'POST',
          headers: { connection: 'close' },
          body: '40',
        })
        return polled.text()
      }),
    )
    expect(codes).toContain('{"code":1,"message":"Session ID unknown"}')
    await server.waitFor('the app uses Socket.IO')
    expect(server.stdout() + server.stderr()).toContain('needs --sticky cookie or --sticky address')
  })

  it('is called by its name in the warning, as Engine.IO alone is', async () => {
    const folder = temporaryFolder()
    const library = join(folder, 'node_modules', 'engine.io')
    mkdirSync(library, { recursive: true })
    writeFileSync(join(library, 'index.js'), '')
    writeFileSync(
      join(folder, 'app.cjs'),
      "require('engine.io')\nmodule.exports = (request, response) => response.end()",
    )
    const args = ['run', join(folder, 'app.cjs'), '--backend', 'cluster', '--port', '0', '--workers', '2']
    await using server = await startLockstep(args)
    await server.waitFor('the app uses Engine.IO')
  })

  it('polls by address too', async () => {
    await using server = await start('--sticky', 'address')
    await using polling = await client(server, ['polling'])
    for (let index = 0; index < 10; index += 1) await polling.echo(`${index}`)
    expect(polling.happened).toEqual([])
  })

  it('connects again and goes on when its worker is replaced or killed', async () => {
    await using server = await start('--sticky', 'cookie', '--log-level', 'debug')
    await using polling = await client(server, ['polling'])
    const { pid: first } = await polling.echo('before')
    process.kill(first, 'SIGKILL')
    await waitUntil(() => polling.happened.length > 0 && polling.socket.connected, { what: 'a new session' })
    const { pid: second } = await polling.echo('after the death')
    expect(second).not.toBe(first)

    const ended = (): number => (server.stderr().match(/worker \d ended/g) ?? []).length
    const before = ended()
    server.signal('SIGHUP')
    await waitUntil(() => ended() >= before + 4, { what: 'all workers to be replaced', deadlineMs: 40_000 })
    await waitUntil(() => polling.socket.connected, { what: 'a new session' })
    const { pid: third } = await polling.echo('after the reload')
    expect(third).not.toBe(second)
    for (let index = 0; index < 10; index += 1) expect((await polling.echo(`${index}`)).pid).toBe(third)
  })
})
