import { chmodSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { startFaulty } from '../support/faulty-cluster.ts'
import { fixtures, runLockstep, startLockstep } from '../support/lockstep.ts'
import { bodyOf, program, startProgram } from '../support/own-socket.ts'
import { killProcess } from '../support/processes.ts'
import { findOnPath, isOnPath } from '../support/programs.ts'
import { runHost } from '../support/run-host.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { waitUntil } from '../support/wait-until.ts'

const run = ['run', join(fixtures, 'apps/facts.js'), '--port', '0']
const canTell = isOnPath('python3') && isOnPath('systemd-notify')
const isRoot = process.getuid?.() === 0

interface Message {
  /** The sender, according to the kernel. */
  readonly pid: number
  readonly uid: number
  readonly assignments: readonly string[]
}

/** Receives what a service manager would, except for the barriers that confirm to a sender that its message was read. */
async function startManager(address = join(temporaryFolder(), 'notify.sock')) {
  const receiver = await startProgram('receive-notifications', [address])
  const messages = (): Message[] =>
    receiver
      .lines()
      .slice(1)
      .map((line) => JSON.parse(line) as Message)
      .filter(({ assignments }) => assignments[0] !== 'BARRIER=1')
  return {
    address,
    messages,
    /** The first word of each message, in order. */
    words: () => messages().map(({ assignments }) => assignments[0] ?? ''),
    async waitFor(word: string): Promise<Message> {
      const find = (): Message | undefined =>
        messages().find(({ assignments }) => assignments.some((each) => each.startsWith(word)))
      await waitUntil(() => find() !== undefined, { what: () => `${word} in ${receiver.lines().join('\n')}` })
      return find() as Message
    },
    [Symbol.asyncDispose]: () => receiver[Symbol.asyncDispose](),
  }
}

describe.skipIf(!canTell).each(['1', '2'])('with %s workers, a service manager', (workers) => {
  it('gets readiness, a reload with its time, and the stop', async () => {
    await using manager = await startManager()
    await using server = await startLockstep([...run, '--workers', workers], {
      env: { NOTIFY_SOCKET: manager.address },
    })
    const ready = await manager.waitFor('READY=1')
    expect(ready.assignments).toContain(`STATUS=Serving ${server.url}`)

    const before = process.hrtime.bigint() / 1_000n
    server.signal('SIGHUP')
    const { assignments } = await manager.waitFor('RELOADING=1')
    const time = BigInt(assignments.find((each) => each.startsWith('MONOTONIC_USEC='))?.slice(15) ?? 0)
    expect(time >= before && time <= process.hrtime.bigint() / 1_000n).toBe(true)
    await manager.waitFor(
      workers === '1'
        ? 'STATUS=Serving; reloaded, nothing has changed, and the app is as it was.'
        : 'STATUS=Serving; reloaded, every worker was replaced.',
    )

    server.signal('SIGTERM')
    expect(await server.finished()).toMatchObject({ code: 0 })
    expect(manager.words()).toEqual([
      'STATUS=Bound; verifying what is served.',
      'READY=1',
      'RELOADING=1',
      'READY=1',
      'STOPPING=1',
    ])
  })

  it.skipIf(!isRoot)('sees the main process as the sender, as NotifyAccess=main demands', async () => {
    await using manager = await startManager()
    await using server = await startLockstep([...run, '--workers', workers], {
      env: { NOTIFY_SOCKET: manager.address },
    })
    expect(await manager.waitFor('READY=1')).toMatchObject({ pid: server.pid, uid: 0 })
  })

  it('is hidden from the app, and may have an abstract address', async () => {
    await using manager = await startManager(`@lockstep-test-${process.pid}-${workers}`)
    await using server = await startLockstep([...run, '--workers', workers], {
      env: { NOTIFY_SOCKET: manager.address, WATCHDOG_USEC: '60000000' },
    })
    await manager.waitFor('READY=1')
    const { environment } = JSON.parse(await bodyOf({ port: server.port })) as { environment: object }
    expect(Object.keys(environment).filter((name) => /NOTIFY|WATCHDOG/.test(name))).toEqual([])
  })
})

describe.skipIf(!canTell).each(['single', 'cluster'])('a host under %s', (backend) => {
  it.each([
    ['given up once it listens', ['STATUS=Bound; verifying what is served.']],
    ['served and stopped', ['STATUS=Bound; verifying what is served.', 'READY=1', 'STOPPING=1']],
  ])('has reported everything to the service manager when its launch is over: %s', async (last, words) => {
    await using manager = await startManager()
    const slow = temporaryFolder()
    const script = `#!/bin/sh\nsleep 0.2\nexec ${findOnPath('systemd-notify')} "$@"\n`
    writeFileSync(join(slow, 'systemd-notify'), script, { mode: 0o755 })
    await runHost('inherits-sockets.js', {
      args: [backend, last],
      through: ['python3', program('hand-over-sockets'), '127.0.0.1:0', '--'],
      env: { NOTIFY_SOCKET: manager.address, PATH: `${slow}${delimiter}${process.env['PATH']}` },
    })
    expect(manager.words()).toEqual(words)
  })
})

describe.skipIf(!canTell)('the status of a service', () => {
  it('says when no worker serves, also after a failed reload, and when one serves again', async () => {
    await using manager = await startManager()
    const broken = join(temporaryFolder(), 'broken')
    await using server = await startFaulty(['--workers', '2'], {
      env: { NOTIFY_SOCKET: manager.address, BROKEN_WHILE: broken },
    })
    await manager.waitFor('READY=1')
    writeFileSync(broken, '')
    const [first, second] = server.workers()
    killProcess(first ?? 0)
    await manager.waitFor('STATUS=Serving; worker ')
    killProcess(second ?? 0)
    await manager.waitFor('STATUS=No worker serves; worker ')
    server.signal('SIGHUP')
    await manager.waitFor('STATUS=No worker serves; the reload failed: ')
    rmSync(broken)
    await manager.waitFor('STATUS=Serving again; worker ')
    const before = manager.messages().length
    server.signal('SIGTERM')
    expect(await server.finished()).toMatchObject({ code: 0 })
    const words = manager.words()
    expect(words.filter((word) => word.startsWith('STATUS=Serving again;'))).toHaveLength(1)
    expect(words.slice(before).at(-1)).toBe('STOPPING=1')
  }, 60_000)

  it('says when the only worker was asked to end, and its successor does not start', async () => {
    await using manager = await startManager()
    const broken = join(temporaryFolder(), 'broken')
    await using server = await startFaulty(['--workers', '1'], {
      env: { NOTIFY_SOCKET: manager.address, BROKEN_WHILE: broken },
    })
    await manager.waitFor('READY=1')
    writeFileSync(broken, '')
    process.kill(server.workers()[0] ?? 0, 'SIGTERM')
    await manager.waitFor('STATUS=No worker serves; worker 1 ended and is replaced.')
    rmSync(broken)
    await manager.waitFor('STATUS=Serving again; worker 1 is ready.')
  })

  it('stays that of a stop when a worker dies during it', async () => {
    await using manager = await startManager()
    await using server = await startFaulty(['--workers', '2', '--drain-delay', '60s'], {
      env: { NOTIFY_SOCKET: manager.address },
    })
    await manager.waitFor('READY=1')
    const [first] = server.workers()
    server.signal('SIGTERM')
    await manager.waitFor('STOPPING=1')
    killProcess(first ?? 0)
    await server.waitFor(/"message":"worker \d died"/)
    await runLockstep(['stop', '--force'], { env: { XDG_RUNTIME_DIR: server.runtimeFolder } })
    expect(await server.finished()).toMatchObject({ code: 0 })
    expect(manager.words().at(-1)).toBe('STOPPING=1')
  })
})

describe.skipIf(!canTell)('the watchdog', () => {
  it('gets keep-alive messages while the server is healthy, none while no worker is ready, and again afterwards', async () => {
    await using manager = await startManager()
    const gate = join(temporaryFolder(), 'gate')
    const waits = join(fixtures, 'apps/waits-for-gate.js')
    await using server = await startLockstep(
      ['run', waits, '--port', '0', '--backend', 'cluster', '--boot-timeout', '1s'],
      { env: { NOTIFY_SOCKET: manager.address, WATCHDOG_USEC: '100000', GATE: gate } },
    )
    const signs = (): number => manager.words().filter((word) => word === 'WATCHDOG=1').length
    const more = async (what: string): Promise<void> => {
      const before = signs()
      await waitUntil(() => signs() >= before + 2, { what })
    }
    await more('signs of life')
    writeFileSync(gate, '')
    killProcess(Number(await bodyOf({ port: server.port })))
    await manager.waitFor('STATUS=No worker serves; worker 1 died and is replaced.')
    const before = signs()
    // After a second, enough time for twenty.
    await server.waitFor('worker 1 failed to start')
    expect(signs()).toBeLessThanOrEqual(before + 1)
    rmSync(gate)
    await more('signs of life once a worker is ready')
  })

  it('gets no messages if it watches another process', async () => {
    await using manager = await startManager()
    await using server = await startLockstep(run, {
      env: { NOTIFY_SOCKET: manager.address, WATCHDOG_USEC: '20000', WATCHDOG_PID: '1' },
    })
    await manager.waitFor('READY=1')
    server.signal('SIGTERM')
    await server.finished()
    expect(manager.words()).not.toContain('WATCHDOG=1')
  })
})

describe('an unreachable service manager', () => {
  it('does not keep the server from starting and stopping, and is reported once', async () => {
    await using server = await startLockstep(run, {
      env: { NOTIFY_SOCKET: '/nowhere/notify', PATH: '/nowhere' },
    })
    await server.waitFor(
      'the state could not be sent to the service manager: systemd-notify is not installed',
    )
    expect(await bodyOf({ port: server.port })).toContain('"pid"')
    server.signal('SIGTERM')
    const { code, stderr } = await server.finished()
    expect(code).toBe(0)
    expect(stderr.match(/could not be sent/g)).toHaveLength(1)
  })

  it.skipIf(!canTell || !isRoot)(
    'gets messages from a single process that has dropped root, sent by its helper',
    async () => {
      const folder = temporaryFolder()
      chmodSync(folder, 0o755)
      await using manager = await startManager(join(folder, 'notify.sock'))
      await using _server = await startLockstep([...run, '--user', 'nobody'], {
        env: { NOTIFY_SOCKET: manager.address },
      })
      expect(await manager.waitFor('READY=1')).toMatchObject({ uid: 65_534 })
    },
  )
})
