import { once } from 'node:events'
import { chmodSync, lstatSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { write } from '../support/certificates.ts'
import { failedLaunch, freePort } from '../support/failed-launch.ts'
import { fixtures } from '../support/lockstep.ts'
import { program, startProgram } from '../support/own-socket.ts'
import { isOnPath } from '../support/programs.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const run = ['run', join(fixtures, 'apps/hello.js')]
const hasPython = isOnPath('python3')
const handOver = (...sockets: string[]): string[] => [
  'python3',
  program('hand-over-sockets'),
  ...sockets,
  '--',
]
/** Sets the variables of a service manager, with the process id of the command. A shell knows that id. */
const asItsManager = (variables: string): string[] => [
  'sh',
  '-c',
  `export LISTEN_PID=$$ ${variables}; exec "$@"`,
  'sh',
]

describe('a descriptor', () => {
  it.each([
    { what: 'that is not open', fd: 77, problem: 'no such descriptor is open in this process' },
    { what: 'that is not a socket', fd: 9, problem: 'it is not a socket' },
  ])('$what is refused', async ({ fd, problem }) => {
    await failedLaunch([...run, '--fd', String(fd)], {
      ports: [],
      through: ['sh', '-c', 'exec "$@" 9</dev/null', 'sh'],
      code: 'LOCKSTEP_ERR_SOCKET_DESCRIPTOR',
      says: [`fd://${fd} cannot be listened on: ${problem}.`, 'Set by --fd.', 'as systemd does'],
    })
  })

  it('that is a single connection is refused', async () => {
    // The standard output of the command, as Node makes it.
    await failedLaunch([...run, '--fd', '1'], {
      ports: [],
      code: 'LOCKSTEP_ERR_SOCKET_DESCRIPTOR',
      says: ['fd://1 cannot be listened on: it is one connection, as with Accept=yes'],
    })
  })

  it.each(['fd://', 'fd://a:b', 'fd://1234567:8'])(
    'that is not an open socket is refused: %s',
    async (bind) => {
      await failedLaunch([...run, '--bind', bind], {
        ports: [],
        code: 'LOCKSTEP_ERR_OPTION_INVALID',
        says: [`fd://NUMBER or fd://NAME; found "${bind}".`],
      })
    },
  )

  it.skipIf(!hasPython)('of a datagram socket is refused', async () => {
    await failedLaunch(run, {
      ports: [],
      through: handOver('dgram:127.0.0.1:0'),
      code: 'LOCKSTEP_ERR_SOCKET_DESCRIPTOR',
      says: ['fd://3 cannot be listened on: it is a datagram socket.', 'Set by LISTEN_FDS.'],
    })
  })

  it.skipIf(!hasPython)(
    'of a socket without a path is refused, because it could not be verified',
    async () => {
      await failedLaunch(run, {
        ports: [],
        through: handOver(`@lockstep-test-${process.pid}`),
        code: 'LOCKSTEP_ERR_SOCKET_DESCRIPTOR',
        says: ['fd://3 cannot be listened on: its UNIX domain socket has no path to be reached by.'],
      })
    },
  )
})

describe('the sockets of a service manager', () => {
  it('must be a number', async () => {
    await failedLaunch(run, {
      through: asItsManager('LISTEN_FDS=many'),
      code: 'LOCKSTEP_ERR_OPTION_INVALID',
      says: ['LISTEN_FDS must be the number of sockets that are handed over; found "many".'],
    })
  })

  it.skipIf(!hasPython)('conflict with an address that leaves one of them out', async () => {
    const port = await freePort()
    await failedLaunch([...run, '--bind', `127.0.0.1:${port}`], {
      ports: [port],
      through: handOver('web=127.0.0.1:0'),
      code: 'LOCKSTEP_ERR_SOCKET_UNUSED',
      says: [
        `The socket fd://3 (web) of LISTEN_FDS would not be served: --bind names others (127.0.0.1:${port}).`,
        'Leave --bind out',
      ],
    })
  })

  it.skipIf(!hasPython)('conflict with a port', async () => {
    await failedLaunch(run, {
      through: handOver('127.0.0.1:0'),
      code: 'LOCKSTEP_ERR_OPTION_CONFLICT',
      says: [
        /--port \(\d+\) and LISTEN_FDS \(fd:\/\/3\) both say where to listen\./,
        'Leave one of them out',
      ],
    })
  })

  it.skipIf(!hasPython)('are refused under an unknown name', async () => {
    await failedLaunch([...run, '--bind', 'fd://wep', '--bind', 'fd://web'], {
      ports: [],
      through: handOver('web=127.0.0.1:0'),
      code: 'LOCKSTEP_ERR_SOCKET_NAME',
      says: ['No socket with the name wep is handed over; there are 3 (web).', 'FileDescriptorName='],
    })
  })
})

it.each(['pipe:shop', String.raw`\\.\pipe\shop`])(
  'a named pipe is refused except on Windows: %s',
  async (bind) => {
    await failedLaunch([...run, '--bind', bind], {
      ports: [],
      code: 'LOCKSTEP_ERR_OPTION_REFUSED',
      says: [
        'cannot honour bind = pipe:shop (--bind): named pipes are of Windows.',
        'Bind unix:PATH instead.',
      ],
    })
  },
)

describe('mode and owner of a socket', () => {
  const onSocket = (): string[] => [...run, '--bind', `unix:${join(temporaryFolder(), 'app.sock')}`]

  it.each(['rw-rw----', '888', '01777'])('must be octal: %s', async (mode) => {
    await failedLaunch([...onSocket(), '--socket-mode', mode], {
      ports: [],
      code: 'LOCKSTEP_ERR_OPTION_INVALID',
      says: [
        `--socket-mode must be the permissions of a socket, such as 660, in octal digits as text; found "${mode}".`,
      ],
    })
  })

  it('must not be a number in a file, where 440 would not be octal', async () => {
    const cwd = temporaryFolder()
    write(cwd, 'lockstep.config.json', JSON.stringify({ bind: 'unix:app.sock', socket: { mode: 440 } }))
    await failedLaunch(run, {
      cwd,
      ports: [],
      code: 'LOCKSTEP_ERR_OPTION_INVALID',
      says: ['socket.mode must be', 'in octal digits as text; found 440'],
    })
  })

  it('are refused where no socket file is bound', async () => {
    await failedLaunch([...run, '--socket-mode', '660'], {
      code: 'LOCKSTEP_ERR_OPTION_CONFLICT',
      says: ['--socket-mode would have no effect: no UNIX domain socket is bound by its path.'],
    })
  })

  it.each([
    { flag: '--socket-owner', what: 'user' },
    { flag: '--socket-group', what: 'group' },
  ])('are refused for a $what that does not exist', async ({ flag, what }) => {
    await failedLaunch([...onSocket(), flag, 'nobody-has-this-name'], {
      ports: [],
      code: 'LOCKSTEP_ERR_ACCOUNT_UNKNOWN',
      says: [`There is no ${what} nobody-has-this-name on this system (${flag}).`, 'getent'],
    })
  })

  it('need a slightly shorter path', async () => {
    const path = `/tmp/${'x'.repeat(60)}/${'x'.repeat(32)}/y.sock`
    await failedLaunch([...run, '--bind', `unix:${path}`, '--socket-mode', '660'], {
      ports: [],
      code: 'LOCKSTEP_ERR_SOCKET_PATH',
      says: [`has ${path.length} bytes, and ${path.length + 3} while it gets its owner and mode;`],
    })
  })
})

describe('a socket file that looks stale', () => {
  it.skipIf(!hasPython).each([
    { what: 'datagram', why: 'is of another type' },
    { what: 'busy', why: 'has a full queue' },
  ])('is left alone when it $why', async ({ what }) => {
    const path = join(temporaryFolder(), 'held.sock')
    await using _holder = await startProgram('hold-socket', [what, path])
    const { ino } = lstatSync(path)
    await failedLaunch([...run, '--bind', `unix:${path}`], {
      ports: [],
      code: 'LOCKSTEP_ERR_ADDRESS_IN_USE',
      says: [`unix:${path} is in use`],
    })
    expect(lstatSync(path).ino).toBe(ino)
  })

  it.skipIf(process.getuid?.() !== 0)('is left alone when this user may not connect to it', async () => {
    const folder = temporaryFolder()
    const path = join(folder, 'of-root.sock')
    const server = createServer().listen(path)
    await once(server, 'listening')
    chmodSync(folder, 0o777)
    chmodSync(path, 0o600)
    try {
      await failedLaunch([...run, '--bind', `unix:${path}`], {
        uid: 65_534,
        ports: [],
        code: 'LOCKSTEP_ERR_ADDRESS_IN_USE',
        says: [`unix:${path} is in use`],
      })
      expect(lstatSync(path).isSocket()).toBe(true)
    } finally {
      server.close()
    }
  })
})
