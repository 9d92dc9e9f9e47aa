import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runLockstep, startLockstep } from '../support/lockstep.ts'
import { bodyOf, program, startProgram } from '../support/own-socket.ts'
import { isOnPath } from '../support/programs.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { waitUntil } from '../support/wait-until.ts'

/** A process namespace, in which the first process has the id 1. */
const container = ['unshare', '--pid', '--fork', '--kill-child', '--mount-proc']
const reason =
  spawnSync(container[0] ?? '', [...container.slice(1), 'true']).status === 0
    ? ''
    : ' (no namespace can be made here)'

interface Process {
  readonly pid: number
  readonly parent: number
  readonly state: string
}

/** All processes of this machine, zombies among them: proc(5), /proc/pid/stat. */
function processes(): Process[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return []
    try {
      const [state = '', parent] = readFileSync(`/proc/${name}/stat`, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ')
      return [{ pid: Number(name), parent: Number(parent), state }]
    } catch {
      return []
    }
  })
}

const childrenOf = (pid: number): Process[] => processes().filter(({ parent }) => parent === pid)

async function startContainer(...args: readonly string[]) {
  const server = await startLockstep(['run', 'apps/leaves-orphans.js', '--port', '0', ...args], {
    through: container,
  })
  const first = childrenOf(server.pid)[0]?.pid ?? 0
  return { server, first }
}

describe.skipIf(reason !== '')(`the first process of a container${reason}`, () => {
  it.each([
    ['--workers', '1'],
    ['--workers', '2'],
  ])('reaps the processes of others (%s %s)', async (...workers) => {
    const { server, first } = await startContainer(...workers)
    await using _server = server
    for (let count = 0; count < 3; count += 1) await (await fetch(new URL('/orphan', server.url))).text()
    await waitUntil(() => childrenOf(first).length === 1, { what: 'no process but the launcher below it' })
    expect(processes().filter(({ parent, state }) => parent === first && state === 'Z')).toEqual([])
  })

  it('passes signals on, and ends with the exit code of the launcher', async () => {
    const { server, first } = await startContainer('--workers', '2')
    await using _server = server
    process.kill(first, 'SIGHUP')
    await server.waitFor('every worker was replaced')
    process.kill(first, 'SIGTTIN')
    await server.waitFor('scaled from 2 to 3 workers')
    process.kill(first, 'SIGTERM')
    await server.waitFor('stopping: waiting for requests in flight, stop again to cut them')
    expect(await server.finished()).toMatchObject({ code: 0 })
  })

  it('ends with the code of a launch that fails', async () => {
    const { status, stderr } = spawnSync(
      container[0] ?? '',
      [...container.slice(1), process.execPath, 'packages/cli/bin/lockstep.js', 'run', 'missing.js'],
      { encoding: 'utf8' },
    )
    expect([status, stderr]).toEqual([3, expect.stringContaining('missing.js')])
  })
})

/** As a container runtime with socket activation: descriptor 3 of the first process. */
const activated = [
  ...['python3', program('hand-over-sockets'), '127.0.0.1:0', '--'],
  ...[...container, 'env', 'LISTEN_PID=1'],
]
/** A shell that stays the first process, like the init of an image. */
const ownInit = ['sh', '-c', '"$@" & child=$!; trap "kill $child" TERM; wait $child; wait $child', 'sh']

describe.skipIf(reason !== '' || !isOnPath('python3')).each([
  ['the first process of a container', []],
  ['the child of an init', ownInit],
])(`a launcher that is %s${reason}`, (_, below) => {
  it.each(['1', '2'])('serves the sockets that the first process receives (%s workers)', async (workers) => {
    await using server = await startLockstep(['run', 'apps/leaves-orphans.js', '--workers', workers], {
      through: [...activated, ...below],
    })
    expect(server.stderr()).not.toContain('LISTEN_FDS')
    const first = childrenOf(server.pid)[0]?.pid ?? 0
    const before = childrenOf(first).length
    if (below.length === 0) {
      await bodyOf({ port: server.port }, '/orphan')
      await waitUntil(() => childrenOf(first).length === before, { what: 'as many processes as before' })
    }
    process.kill(first, 'SIGTERM')
    await server.waitFor('stopping: waiting for requests in flight, stop again to cut them')
    expect(await server.finished()).toMatchObject({ code: below.length === 0 ? 0 : expect.any(Number) })
  })

  it('answers the watchdog that is set for the first process', async () => {
    const address = join(temporaryFolder(), 'notify.sock')
    await using receiver = await startProgram('receive-notifications', [address])
    await using server = await startLockstep(['run', 'apps/facts.js', '--port', '0'], {
      through: [...container, 'env', 'WATCHDOG_PID=1', 'WATCHDOG_USEC=400000', ...below],
      env: { NOTIFY_SOCKET: address },
    })
    await waitUntil(() => receiver.lines().some((line) => line.includes('WATCHDOG=1')), {
      what: () => `WATCHDOG=1 in ${receiver.lines().join('\n')} ${server.stderr()}`,
    })
  })
})

it.skipIf(reason !== '' || !isOnPath('python3'))(
  'the first process of a container with a socket ends with the code of a launch that fails',
  async () => {
    const { code, stderr } = await runLockstep(['run', 'missing.js'], { through: activated })
    expect([code, stderr]).toEqual([3, expect.stringContaining('missing.js')])
  },
)

describe('a read-only root file system', () => {
  it.skipIf(reason !== '')(
    'needs no writable file: logs go to the streams, and a missing control socket is not an error',
    async () => {
      const readOnly = [
        'unshare',
        '--mount',
        'sh',
        '-c',
        'mount -o remount,bind,ro / / 2>/dev/null || mount -o remount,ro /; exec "$@"',
        'sh',
      ]
      await using server = await startLockstep(
        [
          'run',
          'apps/switches.js',
          '--port',
          '0',
          '--workers',
          '2',
          '--log-format',
          'json',
          '--access-log',
          '-',
        ],
        { through: readOnly, env: { XDG_RUNTIME_DIR: '', XDG_DATA_HOME: '/data' } },
      )
      expect((await fetch(server.url)).status).toBe(200)
      await server.waitFor('"GET / HTTP/1.1" 200')
      expect(server.stderr()).not.toContain('"level":"error"')
      server.signal('SIGTERM')
      expect(await server.finished()).toMatchObject({ code: 0 })
    },
  )
})
