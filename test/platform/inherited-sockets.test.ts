import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { pairFiles } from '../support/certificates.ts'
import { freePort } from '../support/failed-launch.ts'
import { fixtures, type Started, startLockstep } from '../support/lockstep.ts'
import { bodyOf, program } from '../support/own-socket.ts'
import { isOnPath } from '../support/programs.ts'
import { runHost } from '../support/run-host.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { waitUntil } from '../support/wait-until.ts'

const run = ['run', join(fixtures, 'apps/facts.js')]
const handOver = (...sockets: string[]): string[] => [
  'python3',
  program('hand-over-sockets'),
  ...sockets,
  '--',
]

interface Facts {
  readonly pid: number
  readonly environment: Readonly<Record<string, string>>
  readonly sockets: readonly string[]
}

const factsOf = async (...target: Parameters<typeof bodyOf>): Promise<Facts> =>
  JSON.parse(await bodyOf(...target)) as Facts

/** The inodes of all listening TCP sockets, by proc(5). */
const listening = (): string[] =>
  readFileSync('/proc/net/tcp', 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/ +/))
    .filter((row) => row[3] === '0A')
    .map((row) => row[9] ?? '')

const isOfServiceManager = (name: string): boolean => /^(LISTEN_|NOTIFY_SOCKET|WATCHDOG_)/.test(name)

describe.skipIf(!isOnPath('python3')).each(['1', '2'])('with %s workers, inherited sockets', (workers) => {
  it('are served without --bind, each under its real address', async () => {
    const path = join(temporaryFolder(), 'activated.sock')
    // Otherwise the workers accept from them too.
    const balance = workers === '1' ? [] : ['--balance', 'round-robin']
    await using server = await startLockstep([...run, '--workers', workers, ...balance], {
      through: handOver('web=127.0.0.1:0', `local=${path}`),
    })
    expect(server.stdout()).toMatch(
      new RegExp(`Socket: +${path}\n[\\s\\S]*Verified: on the wire, 2 checks on 127`),
    )
    for (const target of [{ port: server.port }, { socketPath: path }]) {
      const { environment, sockets, pid } = await factsOf(target)
      expect(Object.keys(environment).filter(isOfServiceManager)).toEqual([])
      // Only the supervising process listens, and passes connections to the workers.
      if (pid !== server.pid) expect(sockets.filter((inode) => listening().includes(inode))).toEqual([])
    }
    server.signal('SIGTERM')
    expect(await server.finished()).toMatchObject({ code: 0 })
    // The process that created the file removes it.
    expect(existsSync(path)).toBe(true)
  })

  it('are found by number and by name, and one may be used for the redirect', async () => {
    const { cert, key } = await pairFiles()
    await using server = await startLockstep(
      [
        ...[...run, '--workers', workers, '--tls-cert', cert, '--tls-key', key],
        ...['--bind', 'fd://4', '--tls-redirect', 'fd://plain'],
      ],
      { through: handOver('plain=127.0.0.1:0', 'secure=127.0.0.1:0') },
    )
    const redirect = /Redirect: +(\S+)/.exec(server.stdout())?.[1] ?? ''
    const answer = await fetch(redirect, { redirect: 'manual' })
    expect(answer.status).toBe(308)
    expect(new URL(answer.headers.get('location') ?? '').port).toBe(String(server.port))
  })

  it('are used for the app when the redirect names the other one', async () => {
    const { cert, key } = await pairFiles()
    await using server = await startLockstep(
      [...run, '--workers', workers, '--tls-cert', cert, '--tls-key', key, '--tls-redirect', 'fd://3'],
      { through: handOver('127.0.0.1:0', '127.0.0.1:0') },
    )
    expect(server.url).toMatch(/^https:/)
    expect(server.stdout()).toMatch(/Redirect: +http:/)
  })

  it('stay open during a reload, which reads the same addresses', async () => {
    await using server = await startLockstep([...run, '--workers', workers], {
      through: handOver('127.0.0.1:0'),
    })
    server.signal('SIGHUP')
    await server.waitFor(workers === '1' ? 'nothing has changed' : 'every worker was replaced')
    expect((await factsOf({ port: server.port })).pid).toBeGreaterThan(0)
  })
})

describe.skipIf(!isOnPath('python3')).each(['single', 'cluster'])(
  'the variables of a service manager, in a host under %s,',
  (backend) => {
    it.each([
      ['given up once it listens', 'LOCKSTEP_ERR_STOPPED'],
      ['served and stopped', 200],
    ])('are put back after each launch, those of sockets while these are open: %s', async (last, outcome) => {
      const results = await runHost('inherits-sockets.js', {
        args: [backend, last],
        through: handOver('web=127.0.0.1:0'),
        env: { NOTIFY_SOCKET: '/nowhere/notify' },
      })
      const untouched = {
        isOpen: true,
        variables: ['LISTEN_FDNAMES', 'LISTEN_FDS', 'LISTEN_PID', 'NOTIFY_SOCKET'],
      }
      expect(results).toEqual({
        'a hook that refuses': { outcome: 'LOCKSTEP_ERR_HOOK_BEFORE_START', ...untouched },
        'a PID file that cannot be written': { outcome: 'LOCKSTEP_ERR_PID_FILE', ...untouched },
        [last]: { outcome, isOpen: false, variables: ['NOTIFY_SOCKET'] },
      })
    })
  },
)

it('sockets for another process are not used, which is reported', async () => {
  await using server = await startLockstep([...run, '--port', '0'], {
    env: { LISTEN_PID: '1', LISTEN_FDS: '1' },
  })
  await server.waitFor('LISTEN_FDS hands sockets to process 1, and this is process')
  const { environment } = await factsOf({ port: server.port })
  expect(Object.keys(environment).filter(isOfServiceManager)).toEqual([])
})

describe.skipIf(!isOnPath('systemd-socket-activate')).each(['1', '2'])(
  'under systemd-socket-activate, with %s workers,',
  (workers) => {
    it('the first request starts the server, and gets its answer', async () => {
      const port = await freePort()
      const path = join(temporaryFolder(), 'activated.sock')
      const starting: Promise<Started> = startLockstep([...run, '--workers', workers], {
        through: [
          ...['systemd-socket-activate', '-l', `127.0.0.1:${port}`, '-l', path],
          ...[
            '--setenv=NODE_ENV',
            '--setenv=TEST_LAUNCH_ID',
            '--setenv=XDG_RUNTIME_DIR',
            '--setenv=XDG_DATA_HOME',
          ],
        ],
      })
      // It listens, and starts the server when a client connects.
      let first: Promise<Facts> | undefined
      await waitUntil(
        async () => {
          first = factsOf({ port })
          return first.then(
            () => true,
            () => false,
          )
        },
        { deadlineMs: 15_000, what: () => 'an answer' },
      )
      await using server = await starting
      expect(server.stdout()).toContain(`unix:${path}`)
      expect(server.port).toBe(port)
      const { environment } = await factsOf({ socketPath: path })
      expect(Object.keys(environment).filter(isOfServiceManager)).toEqual([])
      expect((await first)?.pid).toBeGreaterThan(0)
    })
  },
)
