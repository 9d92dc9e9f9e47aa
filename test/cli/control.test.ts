import { once } from 'node:events'
import { chmodSync, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { launch } from '@lockstep/core'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { failedLaunch } from '../support/failed-launch.ts'
import { fixtures, runLockstep, type StartOptions, startLockstep } from '../support/lockstep.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { waitUntil } from '../support/wait-until.ts'

const app = `${fixtures}apps/switches.js`

/** The folder in which the servers and verbs of one test find each other. */
function meeting(): { env: Record<string, string>; sockets(): string[]; folder: string } {
  const runtime = temporaryFolder()
  const folder = join(runtime, 'lockstep')
  return {
    env: { XDG_RUNTIME_DIR: runtime },
    folder,
    sockets: () => (existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : []),
  }
}

function start(options: StartOptions, ...args: readonly string[]): ReturnType<typeof startLockstep> {
  return startLockstep(['run', app, '--port', '0', ...args], options)
}

describe('lockstep status', () => {
  it('shows all servers of the user, and their details as JSON', async () => {
    const { env } = meeting()
    expect(await runLockstep(['status'], { env })).toMatchObject({
      code: 0,
      stdout: 'This user has no running server.\n',
    })
    await using shop = await start({ env }, '--name', 'shop', '--workers', '2')
    await using other = await start({ env })
    const { stdout } = await runLockstep(['status'], { env })
    expect(stdout).toMatch(new RegExp(`^shop \\(${shop.pid}\\) {2}ready$`, 'm'))
    expect(stdout).toMatch(/^ {2}backend +cluster \(auto: 2 workers need a primary\)$/m)
    expect(stdout).toMatch(new RegExp(`^${other.pid} {2}ready$`, 'm'))
    const told = JSON.parse((await runLockstep(['status', '--json', '--name', 'shop'], { env })).stdout)
    expect(told).toMatchObject({
      schema: 1,
      ok: true,
      servers: [
        {
          pid: shop.pid,
          name: 'shop',
          state: 'ready',
          urls: [shop.url],
          workers: [
            { id: 1, state: 'ready' },
            { id: 2, state: 'ready' },
          ],
          certificate: null,
          reload: { last: null, failure: null },
        },
      ],
    })
  })

  it('works while an app has replaced a method of the responses of Node', async () => {
    const { env } = meeting()
    await using server = await startLockstep(
      ['run', `${fixtures}shapes/replaces-write-head.cjs`, '--port', '0', '--backend', 'single'],
      { env },
    )
    const { code, stdout } = await runLockstep(['status'], { env })
    expect(code).toBe(0)
    expect(stdout).toMatch(new RegExp(`^${server.pid} {2}ready$`, 'm'))
    expect((await fetch(server.url)).status).toBe(200)
  })

  it('reports a server that does not exist, and does not guess among several', async () => {
    const { env } = meeting()
    await using first = await start({ env }, '--name', 'first')
    await using second = await start({ env }, '--name', 'second')
    const missing = await runLockstep(['status', '--name', 'third'], { env })
    expect(missing).toMatchObject({ code: 11, stdout: '' })
    expect(missing.stderr).toMatch(
      /This user has no running server named third.*LOCKSTEP_ERR_CONTROL_NO_SERVER/s,
    )
    const both = await runLockstep(['reload'], { env })
    expect(both).toMatchObject({ code: 11, stdout: '' })
    expect(both.stderr).toContain(`This user has 2 running servers: ${first.pid} (first) at ${first.url}`)
    expect(both.stderr).toContain('Choose one with --pid or --name.')
    expect(both.stderr).toContain('[LOCKSTEP_ERR_CONTROL_AMBIGUOUS]')
    expect(await runLockstep(['reload', '--tls-only', '--pid', String(second.pid)], { env })).toMatchObject({
      code: 0,
    })
    const bad = await runLockstep(['reload', '--pid', 'second'], { env })
    expect(bad).toMatchObject({ code: 2 })
    expect(bad.stderr).toContain('--pid must be a process id; found "second"')
  })

  it.each([
    { named: 'with the same name', name: ['--name', 'shop'] },
    { named: 'without names', name: [] },
  ])('says that only --pid chooses between servers $named', async ({ name }) => {
    const { env } = meeting()
    await using first = await start({ env }, ...name)
    await using _second = await start({ env }, ...name)
    const both = await runLockstep(['stop', ...name], { env })
    expect(both).toMatchObject({ code: 11, stdout: '' })
    expect(both.stderr).toMatch(/Choose one with --pid\.\s/)
    expect(await runLockstep(['stop', ...name, '--pid', String(first.pid)], { env })).toMatchObject({
      code: 0,
    })
  })

  it('says that servers in one process need names to be chosen by', async () => {
    const { env } = meeting()
    vi.stubEnv('XDG_RUNTIME_DIR', env['XDG_RUNTIME_DIR'])
    onTestFinished(() => void vi.unstubAllEnvs())
    const options = { app, port: 0, backend: 'single', control: true, log: { level: 'silent' } } as const
    const servers = [await launch(options), await launch(options)]
    onTestFinished(async () => void (await Promise.all(servers.map((server) => server.stop()))))
    const both = await runLockstep(['stop', '--pid', String(process.pid)], { env })
    expect(both).toMatchObject({ code: 11, stdout: '' })
    expect(both.stderr).toContain('start each with a name of its own (`name`), and choose one with --name.')
  })
})

describe('lockstep stop', () => {
  it('waits until the requests in flight have ended and the server has stopped', async () => {
    const { env, sockets } = meeting()
    await using server = await start({ env }, '--workers', '2')
    const answer = fetch(new URL('/slow?ms=1000', server.url)).then((response) => response.text())
    await fetch(server.url)
    const stopped = await runLockstep(['stop'], { env })
    expect(stopped).toMatchObject({ code: 0, stdout: `✓ The server has stopped, process ${server.pid}.\n` })
    expect(Number(await answer)).toBeGreaterThan(0)
    expect(await server.finished()).toMatchObject({ code: 0 })
    expect(server.processes()).toEqual([])
    expect(sockets()).toEqual([])
  })

  it('cuts requests with --force that a graceful stop would wait for', async () => {
    const { env } = meeting()
    await using server = await start({ env }, '--workers', '2')
    const response = await fetch(new URL('/slow?ms=60000', server.url))
    const cut = expect(response.text()).rejects.toThrow()
    const graceful = runLockstep(['stop'], { env })
    await server.waitFor('stopping')
    expect(await runLockstep(['stop', '--force'], { env })).toMatchObject({ code: 0 })
    expect(await graceful).toMatchObject({ code: 0 })
    // Only a second signal, and no command, changes the exit code of the launcher (docs/signals.md).
    expect(await server.finished()).toMatchObject({ code: 0, signal: null })
    await cut
    expect(server.processes()).toEqual([])
  })
})

describe('the control socket', () => {
  it('can be opened only by its user, and a stale one is removed only if nothing listens on it', async () => {
    const { env, folder, sockets } = meeting()
    const killed = await start({ env })
    expect(statSync(folder).mode & 0o777).toBe(0o700)
    const [left = ''] = sockets()
    expect(statSync(left).mode & 0o777).toBe(0o600)
    await killed[Symbol.asyncDispose]()
    expect(sockets()).toEqual([left])
    expect((await runLockstep(['status'], { env })).stdout).toBe('This user has no running server.\n')

    const busy = join(folder, '1-1.sock')
    const listener = createServer((socket) => socket.on('error', () => undefined)).listen(busy)
    await waitUntil(() => listener.listening, { what: 'another listener' })
    await using server = await start({ env })
    expect(sockets()).not.toContain(left)
    expect(sockets()).toContain(busy)
    expect((await runLockstep(['status', '--pid', String(server.pid)], { env })).code).toBe(0)
    listener.close()
  })

  it('is omitted if it cannot be created, with a log line only at level debug', async () => {
    const { env, folder } = meeting()
    mkdirSync(folder)
    chmodSync(folder, 0o755)
    await using server = await start({ env }, '--log-format', 'json')
    expect(server.stderr()).toBe('')
    await using talkative = await start({ env }, '--log-level', 'debug')
    expect(talkative.stderr()).toContain(`${folder} is open to other users: chmod 700 ${folder}`)
    const tooLong = join(temporaryFolder(), 'x'.repeat(100))
    await using far = await start({ env: { XDG_RUNTIME_DIR: tooLong } })
    expect(far.stderr()).toBe('')
  })

  it('is an error if it cannot be created although it was configured', async () => {
    const { env, folder } = meeting()
    mkdirSync(folder)
    chmodSync(folder, 0o755)
    await failedLaunch(['run', app, '--control'], {
      env,
      code: 'LOCKSTEP_ERR_CONTROL_SOCKET',
      says: [`${folder} is open to other users`],
    })
  })

  it('is off if it is disabled, and for check', async () => {
    const { env, sockets } = meeting()
    await using _server = await start({ env }, '--no-control')
    expect(await runLockstep(['check', app, '--control'], { env })).toMatchObject({ code: 0 })
    expect(sockets()).toEqual([])
  })

  it('keeps working when a client disconnects in the middle of its request', async () => {
    const { env, sockets } = meeting()
    await using server = await start({ env })
    const [socket = ''] = sockets()
    for (const text of ['GET /sta', 'POST /reload HTTP/1.1\r\nHost: x\r\n\r\n', 'no HTTP at all\r\n\r\n']) {
      const client = connect(socket)
      client.on('error', () => undefined)
      await new Promise((resolve) => client.write(text, resolve))
      client.destroy()
    }
    expect(await runLockstep(['status'], { env })).toMatchObject({ code: 0 })
    expect(server.processes()).toEqual([server.pid])
  })
})

/** A connection to the control socket that sends text and collects the answer. */
function connectTo(
  socket: string,
  text = '',
): { socket: Socket; answer(): string; closed: Promise<unknown> } {
  const client = connect(socket)
  const closed = new Promise((resolve) => client.once('close', resolve))
  let answer = ''
  client
    .on('error', () => undefined)
    .setEncoding('latin1')
    .on('data', (chunk) => {
      answer += chunk
    })
    .write(text)
  onTestFinished(() => void client.destroy())
  return { socket: client, answer: () => answer, closed }
}

describe.each([
  ['single', []],
  ['cluster', ['--workers', '2']],
] as const)('a hostile client of the control socket, under %s', (backend, more) => {
  it('cannot end a process with any request', async () => {
    const { env, sockets } = meeting()
    await using server = await start({ env }, '--backend', backend, ...more)
    const [socket = ''] = sockets()
    const requests = [
      ...['GET //', 'GET //[', 'GET http://[', 'GET *', 'OPTIONS *', 'GET /%zz', 'GET /status?%zz', 'GET /?'],
      ...['POST //stop', 'POST /scale?workers=%00', 'POST /restart?worker=1e400', 'CONNECT a:80', 'garbage'],
    ]
    for (const line of requests) {
      const { closed } = connectTo(socket, `${line} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)
      await closed
    }
    expect(await runLockstep(['status'], { env })).toMatchObject({ code: 0 })
    expect(server.stderr()).not.toContain('Error')
  })

  it('cannot send a body of any length, and cannot hold a connection without a request', async () => {
    const { env, sockets } = meeting()
    await using _server = await start({ env }, '--backend', backend, ...more)
    const [socket = ''] = sockets()
    for (const header of ['Transfer-Encoding: chunked', 'Content-Length: 1000000000', 'Content-Length: 1']) {
      const { answer, closed } = connectTo(socket, `POST /reload HTTP/1.1\r\nHost: x\r\n${header}\r\n\r\n`)
      await closed
      expect(answer()).toMatch(/^HTTP\/1\.1 413 /)
    }
    const silent = connectTo(socket)
    const slow = connectTo(socket, 'GET /status HTTP/1.1\r\n')
    const drip = setInterval(() => slow.socket.write('x'), 200)
    onTestFinished(() => clearInterval(drip))
    await Promise.all([silent.closed, slow.closed])
  })

  it('cannot block verbs with silent connections', async () => {
    const { env, sockets } = meeting()
    await using _server = await start({ env }, '--backend', backend, ...more)
    const [socket = ''] = sockets()
    const silent = Array.from({ length: 500 }, () => connectTo(socket))
    // All except the newest were closed early.
    await Promise.all(silent.slice(0, 400).map(({ closed }) => closed))
    expect(await runLockstep(['status'], { env })).toMatchObject({ code: 0 })
  })
})

describe('a hostile server behind a control socket', () => {
  async function pose(answer: string): Promise<{ env: Record<string, string> }> {
    const { env, folder } = meeting()
    mkdirSync(folder, { mode: 0o700 })
    const listener = createServer((client) => {
      client.on('error', () => undefined)
      client.once('data', () => {
        const repeat = (): void => {
          while (client.writable && client.write(answer.repeat(100)));
        }
        client.write('HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n')
        if (answer === 'endless ') {
          client.on('drain', repeat)
          repeat()
        } else client.end(answer)
      })
    }).listen(join(folder, '4711-1.sock'))
    await once(listener, 'listening')
    onTestFinished(() => void listener.close())
    return { env }
  }

  it.each([
    ['endless ', 'a line of its answer is longer than'],
    ['\u001b]0;pwned\u0007\n', 'a line of its answer is not JSON'],
    ['{"result":{"pid":"\\u001b[31m"}}\n', 'another version of the protocol'],
    ['{"faults":[{"code":"toString","message":"","hint":""}]}\n', 'another version of the protocol'],
    ['', 'its answer was cut off'],
  ])(
    'that answers %j is reported with the reason, and none of its output reaches the terminal',
    async (answer, says) => {
      const { env } = await pose(answer)
      const { code, stderr, stdout } = await runLockstep(['status', '--pid', '4711'], { env })
      expect(code).toBe(11)
      expect(stderr).toContain(says)
      expect(stderr).toContain('[LOCKSTEP_ERR_CONTROL_UNREACHABLE]')
      expect(stdout + stderr).not.toMatch(/[^\P{Cc}\n]/u)
    },
  )
})
