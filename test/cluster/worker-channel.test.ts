import { describe, expect, it } from 'vitest'
import { runLockstep, type Started, startLockstep } from '../support/lockstep.ts'
import { waitUntil } from '../support/wait-until.ts'

const app = 'apps/hostile-worker.js'

function start(...more: readonly string[]): Promise<Started> {
  return startLockstep(['run', app, '--backend', 'cluster', '--port', '0', '--log-format', 'json', ...more], {
    env: { NODE_NO_WARNINGS: '1' },
  })
}

/** Resolves with the process that answered. */
async function ask(server: Started, path = ''): Promise<number> {
  const url = new URL(encodeURIComponent(path), server.url)
  const response = await fetch(url, { headers: { connection: 'close' }, signal: AbortSignal.timeout(10_000) })
  await response.text()
  return Number(response.headers.get('x-worker'))
}

async function answersAgain(server: Started): Promise<number> {
  let pid = 0
  await waitUntil(
    async () => {
      pid = await ask(server).catch(() => 0)
      return pid > 0
    },
    { what: () => `an answer; the launcher wrote\n${server.stderr()}` },
  )
  return pid
}

const harmless = [
  'send null',
  'send a number',
  'send ready',
  'send failed',
  'send prepared',
  'send an unknown internal message',
  'send an acknowledgement',
  'send an invalid handle',
  'write an acknowledgement to the channel',
  'write a handle to the channel',
  'write garbage to the guard',
  'close the guard',
  // Last, because a raw write could go into the middle of what Node still has to write.
  'send many messages',
]

const fatal = [
  ['write garbage to the channel', 'a line that is not JSON'],
  ['write a deep message to the channel', 'more than 200 levels'],
  ['write an endless line to the channel', 'a line of more than 1048576 bytes'],
  ['close the channel', 'it closed the channel'],
  ['write garbage to the pipe', 'a line that is not JSON'],
  ['write null to the pipe', 'something else where an object belongs'],
  ['write an unknown type to the pipe', 'a message of an unknown type'],
  ['write ready to the pipe', 'a message out of turn (ready)'],
  ['write an unknown number to the pipe', 'a message out of turn (accepted)'],
  ['write an odd beat to the pipe', 'something else where an object belongs'],
  ['write an odd fault to the pipe', 'an unknown error code'],
  ['write an answer that nothing asked for', 'a message out of turn (tls-committed)'],
  ['write an endless line to the pipe', 'a line of more than 1048576 bytes'],
] as const

describe('a worker that attacks its primary', () => {
  it('cannot end a process by messages of its app or by writes to its guard', async () => {
    await using server = await start()
    const pid = await ask(server)
    for (const deed of harmless) {
      await ask(server, deed)
      expect(await ask(server), deed).toBe(pid)
    }
    expect(server.stderr()).toBe('')
    const stacks = await runLockstep(['stacks'], { env: { XDG_RUNTIME_DIR: server.runtimeFolder } })
    expect(stacks.code).toBe(0)
    expect(stacks.stdout).toContain(`worker 1 (${pid})  could not be looked at in time`)
    server.signal('SIGTERM')
    expect(await server.finished()).toMatchObject({ code: 0 })
  })

  it.each(fatal)('is killed and replaced, and the log says why: %s', async (deed, reason) => {
    await using server = await start()
    const pid = await ask(server)
    await ask(server, deed)
    await waitUntil(() => !server.processes().includes(pid), { what: 'the end of the worker' })
    await server.waitFor(' is killed: ')
    expect(reasonFor(server, pid)).toContain(reason)
    expect(await answersAgain(server)).not.toBe(pid)
    server.signal('SIGTERM')
    expect(await server.finished()).toMatchObject({ code: 0 })
  })
})

describe('an app that removes listeners which are not its own', () => {
  it.each(['reuse-port', 'shared', 'round-robin'])('is served under %s', async (balance) => {
    for (const event of ['all', 'message', 'disconnect']) {
      await using server = await startLockstep(
        ['run', 'apps/removes-listeners.js', '--backend', 'cluster', '--balance', balance, '--port', '0'],
        { env: { REMOVES: event } },
      )
      expect(await (await fetch(server.url)).text()).toBe('served')
    }
  })

  it('fails the launch in time when it takes sockets from its worker', async () => {
    const { code, stderr } = await runLockstep(
      [
        ...['run', 'apps/removes-listeners.js', '--backend', 'cluster', '--balance', 'shared', '--port', '0'],
        ...['--boot-timeout', '2s', '--hang-timeout', '1s'],
      ],
      { env: { REMOVES: 'internalMessage' } },
    )
    expect(code).toBe(3)
    expect(stderr).toContain('Worker 1 was killed: it did not answer in time.')
  })
})

/** The message of the log line that says why this worker is killed. */
function reasonFor(server: Started, pid: number): string {
  const lines = server.stderr().split('\n').filter(Boolean)
  const records = lines.map((line) => JSON.parse(line) as { message: string; workerPid?: number })
  return (
    records.find(({ message, workerPid }) => workerPid === pid && / is killed: /.test(message))?.message ?? ''
  )
}
