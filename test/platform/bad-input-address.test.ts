import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, lstatSync, mkdirSync, readFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { launch } from '@lockstep/core'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { write } from '../support/certificates.ts'
import { failedLaunch, freePort, holdPort } from '../support/failed-launch.ts'
import { fixtures, runLockstep, startLockstep } from '../support/lockstep.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const hello = join(fixtures, 'apps/hello.js')
const run = ['run', hello]

describe.each([
  { backend: 'single', workers: ['--workers', '1'] },
  { backend: 'cluster', workers: ['--workers', '2'] },
])('under $backend', ({ workers }) => {
  it('a port in use is refused, with the process that holds it and how to choose another', async () => {
    await using holder = await holdPort()
    await failedLaunch([...run, ...workers, '--port', String(holder.port)], {
      ports: [],
      code: 'LOCKSTEP_ERR_ADDRESS_IN_USE',
      says: [
        `127.0.0.1:${holder.port} is in use by process ${process.pid} (node`,
        'Set by --port.',
        'If it is a server of Lockstep that takes commands, `lockstep ps` lists it and `lockstep stop` stops it.',
        'choose another port (--port, or in --bind); 0 takes a free one.',
      ],
    })
  })

  it.each([
    { named: 'without a name', name: [], shown: String.raw`node lockstep\.js` },
    { named: 'with a name', name: ['--name', 'shop'], shown: 'shop(: primary)?' },
  ])(
    'a port that a server of Lockstep $named holds is refused, with the command that stops this server',
    async ({ name, shown }) => {
      const env = { XDG_RUNTIME_DIR: temporaryFolder() }
      await using server = await startLockstep([...run, ...workers, ...name, '--port', '0'], { env })
      await failedLaunch([...run, ...workers, '--port', String(server.port)], {
        ports: [],
        env,
        code: 'LOCKSTEP_ERR_ADDRESS_IN_USE',
        says: [
          new RegExp(`is in use by process ${server.pid} \\(${shown}\\)\\.`),
          `That is a server of Lockstep: \`lockstep stop --pid ${server.pid}\` stops it`,
        ],
      })
      expect(await runLockstep(['stop', '--pid', String(server.pid)], { env })).toMatchObject({ code: 0 })
    },
  )

  it('a port that a server of Lockstep holds is refused without that command where it would not reach it', async () => {
    await using server = await startLockstep([...run, ...workers, '--port', '0'])
    const stderr = await failedLaunch([...run, ...workers, '--port', String(server.port)], {
      ports: [],
      code: 'LOCKSTEP_ERR_ADDRESS_IN_USE',
      says: [`is in use by process ${server.pid} (node lockstep.js).`, 'If it is a server of Lockstep'],
    })
    expect(stderr).not.toContain('--pid')
  })

  it('a port in use is refused when PORT asked for it', async () => {
    await using holder = await holdPort()
    await failedLaunch([...run, ...workers], {
      ports: [],
      env: { PORT: String(holder.port) },
      code: 'LOCKSTEP_ERR_ADDRESS_IN_USE',
      says: [`127.0.0.1:${holder.port} is in use`, 'Set by PORT.', 'choose another port'],
    })
  })

  it('if the second of two addresses is in use, the first is released', async () => {
    await using holder = await holdPort()
    const free = await freePort()
    await failedLaunch(
      [...run, ...workers, '--bind', `127.0.0.1:${free}`, '--bind', `127.0.0.1:${holder.port}`],
      {
        ports: [free],
        code: 'LOCKSTEP_ERR_ADDRESS_IN_USE',
        says: [`127.0.0.1:${holder.port} is in use`, 'Set by --bind.', 'choose another port'],
      },
    )
  })

  it('the default port is replaced by another one if it is in use, and the change is reported', async () => {
    // Any process that holds port 3000 serves the purpose.
    await using _holder = await holdPort(3_000).catch(() => null)
    await using server = await startLockstep([...run, ...workers])
    expect(server.port).toBeGreaterThan(3_000)
    await server.waitFor(`port 3000 is taken, using ${server.port}`)
    expect(await (await fetch(server.url)).text()).toMatch(/^hello from/)
  })
})

it('a port that a program of an app holds is refused, with the command that stops its server', async () => {
  const env = { XDG_RUNTIME_DIR: temporaryFolder() }
  const port = await freePort()
  const app = join(fixtures, 'apps/takes-port.js')
  await using server = await startLockstep(
    ['run', app, '--backend', 'single', '--app-port', String(port), '--port', '0'],
    {
      env: { ...env, TAKEN_PORT: String(port) },
    },
  )
  await failedLaunch([...run, '--port', String(port)], {
    ports: [],
    env,
    code: 'LOCKSTEP_ERR_ADDRESS_IN_USE',
    says: [`That belongs to a server of Lockstep: \`lockstep stop --pid ${server.pid}\` stops it`],
  })
})

describe('an address that another program binds between the check and the bind', () => {
  const alone = { config: false, envFile: false, environment: false } as const
  const addresses = async (): Promise<{ free: number; taken: number; bind: string[] }> => {
    const [free, taken] = [await freePort(), await freePort()]
    return { free, taken, bind: [`127.0.0.1:${free}`, `127.0.0.1:${taken}`] }
  }

  // In this process, because a process that exits releases everything anyway.
  it('fails the launch, and the address before it is released: single', async () => {
    const { free, taken, bind } = await addresses()
    await using holders = new AsyncDisposableStack()
    const app = async (): Promise<(request: unknown, response: unknown) => void> => {
      holders.use(await holdPort(taken))
      return (_request: unknown, _response: unknown) => undefined
    }
    await expect(launch({ app, bind, interface: 'factory' }, alone)).rejects.toMatchObject({
      code: 'LOCKSTEP_ERR_ADDRESS_IN_USE',
      exitCode: 5,
      message: expect.stringMatching(
        new RegExp(
          `127.0.0.1:${taken} is in use by process ${process.pid} \\(.*\\), which is this process itself\\.`,
        ),
      ),
      faults: [{ hint: expect.stringContaining('Another server in this process listens there') }],
    })
    holders.use(await holdPort(free))
  })

  it('fails the launch, and the address before it is released: cluster', async () => {
    const { free, taken, bind } = await addresses()
    vi.stubEnv('TAKEN_PORT', String(taken))
    onTestFinished(() => void vi.unstubAllEnvs())
    const app = join(fixtures, 'apps/takes-port.js')
    await expect(launch({ app, bind, workers: 2 }, alone)).rejects.toMatchObject({
      code: 'LOCKSTEP_ERR_ADDRESS_IN_USE',
      message: expect.stringMatching(
        new RegExp(
          `127.0.0.1:${taken} is in use by process \\d+ \\(.*\\), which this process has started\\.`,
        ),
      ),
      faults: [{ hint: expect.stringContaining('opens this port by itself') }],
    })
    for (const port of [free, taken]) await (await holdPort(port))[Symbol.asyncDispose]()
  })
})

const firstUnprivileged =
  process.platform === 'linux'
    ? Number(readFileSync('/proc/sys/net/ipv4/ip_unprivileged_port_start', 'utf8'))
    : 1_024

it.skipIf(firstUnprivileged <= 81)('a privileged port is refused to other users', async () => {
  await failedLaunch([...run, '--port', '81'], {
    ports: [],
    ...(process.getuid?.() === 0 && { uid: 65_534 }),
    code: 'LOCKSTEP_ERR_ADDRESS_PRIVILEGED',
    says: ['Permission to listen on 127.0.0.1:81 is denied.', 'Set by --port.', 'CAP_NET_BIND_SERVICE'],
  })
})

describe('a host', () => {
  it('that is not an address of this machine is refused', async () => {
    await failedLaunch([...run, '--host', '192.0.2.1'], {
      code: 'LOCKSTEP_ERR_ADDRESS_UNAVAILABLE',
      says: [
        /192\.0\.2\.1:\d+ cannot be bound: .*EADDRNOTAVAIL/,
        'Set by --host.',
        '`ip address` lists them',
      ],
    })
  })

  it.each(['localhost:8080', 'http://localhost', '[::1', '::1/64'])(
    'with more than a name or an address is refused: %s',
    async (host) => {
      await failedLaunch([...run, '--host', host], {
        code: 'LOCKSTEP_ERR_OPTION_INVALID',
        says: [`without a port (\`bind\` takes both); found "${host}".`, 'About --host'],
      })
    },
  )

  it('may be an IPv6 address in brackets, as in a URL', async () => {
    await using server = await startLockstep([...run, '--host', '[::1]', '--port', '0'])
    expect(server.url).toBe(`http://[::1]:${server.port}/`)
    expect(await (await fetch(server.url)).text()).toMatch(/^hello from/)
  })

  it('that cannot be resolved is refused', async () => {
    await failedLaunch(run, {
      env: { HOST: 'does-not-exist.invalid' },
      code: 'LOCKSTEP_ERR_ADDRESS_UNAVAILABLE',
      says: [
        'The host does-not-exist.invalid cannot be resolved.',
        'Set by HOST.',
        'Use the name or IP address of an interface of this machine',
      ],
    })
  })
})

it.each(['nonsense', '127.0.0.1:99999', '[::1:80', 'unix:', 'unix:@shop'])(
  'text that is not an address is refused: %s',
  async (bind) => {
    await failedLaunch([...run, '--bind', bind], {
      ports: [],
      code: 'LOCKSTEP_ERR_OPTION_INVALID',
      says: [
        `--bind must be HOST:PORT, [IPv6]:PORT, :PORT (every IPv4 interface), unix:PATH (a file @NAME is unix:./@NAME), pipe:NAME (Windows), fd://NUMBER or fd://NAME; found "${bind}".`,
      ],
    })
  },
)

describe('a UNIX domain socket', () => {
  const bind = (path: string): string[] => [...run, '--bind', `unix:${path}`]

  it('whose path is too long is refused with both lengths', async () => {
    const path = `/tmp/${'x'.repeat(200)}`
    await failedLaunch(bind(path), {
      ports: [],
      code: 'LOCKSTEP_ERR_SOCKET_PATH',
      says: [
        `The socket path ${path} has 205 bytes; this system takes`,
        'Set by --bind.',
        'Choose a shorter path',
      ],
    })
  })

  it('whose folder is missing is refused', async () => {
    const path = join(temporaryFolder(), 'nowhere/lockstep.sock')
    await failedLaunch(bind(path), {
      ports: [],
      code: 'LOCKSTEP_ERR_SOCKET_PATH',
      says: [`The folder of the socket ${path} does not exist.`, 'Set by --bind.', 'Create it'],
    })
    expect(existsSync(path)).toBe(false)
  })

  it('whose path is an existing file is refused, and the file stays', async () => {
    const path = write(temporaryFolder(), 'precious.txt', 'precious')
    await failedLaunch(bind(path), {
      ports: [],
      code: 'LOCKSTEP_ERR_SOCKET_PATH',
      says: [`The socket path ${path} is taken by something that is not a socket.`, 'choose another path'],
    })
    expect(readFileSync(path, 'utf8')).toBe('precious')
  })

  it.each(['1', '2'])('with a live listener is refused and left alone (%s workers)', async (workers) => {
    const path = join(temporaryFolder(), 'live.sock')
    const server = createServer((socket) => socket.on('error', () => undefined).end('still here'))
    await once(server.listen(path), 'listening')
    try {
      await failedLaunch([...bind(path), '--workers', workers], {
        ports: [],
        code: 'LOCKSTEP_ERR_ADDRESS_IN_USE',
        says: [
          `unix:${path} is in use`,
          `\`ss -lxp src ${path}\` shows which program listens.`,
          'choose another path',
        ],
      })
      const [answer] = await once(connect(path).setEncoding('utf8'), 'data')
      expect(answer).toBe('still here')
    } finally {
      server.close()
    }
  })

  it.each(['1', '2'])('that a killed server left behind is replaced (%s workers)', async (workers) => {
    const path = join(temporaryFolder(), 'stale.sock')
    const script = `require('node:net').createServer().listen(${JSON.stringify(path)}, () => process.stdout.write('up'))`
    const killed = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
    await once(killed.stdout, 'data')
    killed.kill('SIGKILL')
    await once(killed, 'exit')
    expect(lstatSync(path).isSocket()).toBe(true)

    await using server = await startLockstep([...bind(path), '--workers', workers])
    const client = connect(path).setEncoding('utf8')
    client.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
    expect((await client.toArray()).join('')).toMatch(/^HTTP\/1\.1 200 [\s\S]*hello from/)
    server.signal('SIGTERM')
    expect(await server.finished()).toMatchObject({ code: 0 })
    expect(existsSync(path)).toBe(false)
  })
})

describe('a file that the launch would write', () => {
  it.each(['1', '2'])('as PID file must not name a process that is alive (%s workers)', async (workers) => {
    const file = write(temporaryFolder(), 'live.pid', `${process.pid}\n`)
    await failedLaunch([...run, '--pid-file', file, '--workers', workers], {
      code: 'LOCKSTEP_ERR_PID_FILE',
      says: [
        `The PID file ${file} names process ${process.pid}, which is alive.`,
        'Stop that process first, or name another file with --pid-file.',
      ],
    })
    expect(readFileSync(file, 'utf8')).toBe(`${process.pid}\n`)
  })

  it.each([
    { what: 'PID file', flag: '--pid-file', code: 'LOCKSTEP_ERR_PID_FILE' },
    { what: 'access log', flag: '--access-log', code: 'LOCKSTEP_ERR_LOG_FILE' },
  ])('must have a folder: $what', async ({ what, flag, code }) => {
    const folder = join(temporaryFolder(), 'nowhere')
    const file = join(folder, 'file')
    await failedLaunch([...run, flag, file], {
      code,
      says: [
        `The ${what} ${file} cannot be written: there is no folder ${folder}.`,
        `Set by ${flag}.`,
        'Name a file in a folder that exists and is writable.',
      ],
    })
    expect(existsSync(folder)).toBe(false)
  })

  it.each([
    { what: 'PID file', flag: '--pid-file', code: 'LOCKSTEP_ERR_PID_FILE' },
    { what: 'access log', flag: '--access-log', code: 'LOCKSTEP_ERR_LOG_FILE' },
  ])('must not be a folder: $what', async ({ what, flag, code }) => {
    const folder = temporaryFolder()
    mkdirSync(join(folder, 'inner'))
    await failedLaunch([...run, flag, folder], {
      code,
      says: [`The ${what} ${folder} cannot be written: it is a folder.`, `Set by ${flag}.`, 'Name a file'],
    })
  })
})

it.each([
  { redirect: '0.0.0.0', bind: '127.0.0.1' },
  { redirect: 'localhost', bind: '127.0.0.1' },
  { redirect: '127.0.0.1', bind: '[::]' },
])('a redirect at $redirect is refused where it overlaps $bind', async ({ redirect, bind }) => {
  const port = await freePort()
  await failedLaunch(
    [...run, '--tls-self-signed', '--bind', `${bind}:${port}`, '--tls-redirect', `${redirect}:${port}`],
    {
      ports: [port],
      code: 'LOCKSTEP_ERR_OPTION_CONFLICT',
      says: [/overlap|are the same address: localhost stands for 127\.0\.0\.1/, 'Set by --tls-redirect.'],
    },
  )
})
