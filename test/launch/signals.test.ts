import { once } from 'node:events'
import { Agent, get, type IncomingMessage } from 'node:http'
import { describe, expect, it } from 'vitest'
import { type Started, startLockstep } from '../support/lockstep.ts'
import { waitUntil } from '../support/wait-until.ts'

const app = 'apps/switches.js'

function start(...more: readonly string[]): Promise<Started> {
  return startLockstep(['run', app, '--port', '0', ...more])
}

function workersOf(server: Started): number[] {
  return server.processes().filter((pid) => pid !== server.pid)
}

/** A request that takes a minute. Only a stop that does not wait can end it. */
async function longRequest(server: Started): Promise<{ cut: Promise<unknown> }> {
  const response = await fetch(new URL('/slow?ms=60000', server.url))
  return { cut: expect(response.text()).rejects.toThrow() }
}

/** Each request on the same connection. */
function keptConnection(url: string): Disposable & { ask(): Promise<void> } {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  return {
    async ask() {
      const [response] = (await once(get(url, { agent }), 'response')) as [IncomingMessage]
      await once(response.resume(), 'end')
    },
    [Symbol.dispose]: () => agent.destroy(),
  }
}

describe('a signal to the launcher', () => {
  it.each(['SIGTERM', 'SIGINT', 'SIGQUIT'] as const)(
    '%s lets requests in flight end, and exits with 0',
    async (signal) => {
      await using server = await start('--workers', '2')
      const answer = fetch(new URL('/slow?ms=800', server.url)).then((response) => response.text())
      await fetch(server.url)
      server.signal(signal)
      expect(Number(await answer)).toBeGreaterThan(0)
      expect(await server.finished()).toMatchObject({ code: 0 })
    },
  )

  it.each(['single', 'cluster'])(
    'that repeats a stop under %s cuts connections, and the exit code is 130',
    async (backend) => {
      await using server = await start('--backend', backend)
      const { cut } = await longRequest(server)
      server.signal('SIGTERM')
      await server.waitFor('stopping: waiting for requests in flight, stop again to cut them')
      // Within half a second it would be the same key press.
      await waitUntil(
        () => {
          server.signal('SIGTERM')
          return server.stderr().includes('stopping at once')
        },
        { what: 'the second signal to be taken' },
      )
      await cut
      expect(await server.finished()).toMatchObject({ code: 130 })
      expect(server.processes()).toEqual([])
    },
  )

  it('that comes a third time kills processes that do not close', async () => {
    await using server = await startLockstep([
      ...['run', 'apps/never-closes.js', '--backend', 'cluster', '--port', '0', '--log-format', 'json'],
    ])
    server.signal('SIGINT')
    for (const line of ['stopping at once', 'killing what is left'])
      await waitUntil(
        () => {
          server.signal('SIGINT')
          return server.stderr().includes(line)
        },
        { what: line },
      )
    expect(await server.finished()).toMatchObject({ code: 130 })
    expect(server.processes()).toEqual([])
  })

  it('SIGTTIN adds a worker and SIGTTOU removes one', async () => {
    await using server = await start('--workers', '2')
    server.signal('SIGTTIN')
    await server.waitFor('scaled from 2 to 3 workers')
    expect(workersOf(server)).toHaveLength(3)
    server.signal('SIGTTOU')
    await server.waitFor('scaled from 3 to 2 workers')
    await waitUntil(() => workersOf(server).length === 2, { what: 'one of three to end' })
  })

  it('SIGTTOU for the last worker is refused and reported, and it keeps serving', async () => {
    await using server = await start('--backend', 'cluster')
    server.signal('SIGTTOU')
    await server.waitFor('LOCKSTEP_ERR_SCALE_REFUSED')
    expect((await fetch(server.url)).status).toBe(200)
  })
})

describe('SIGTERM to every process of a launch', () => {
  // After a pause, the launcher finds the messages of its workers and its own signal together, with the messages first.
  it.each(['round-robin', 'shared', 'reuse-port'])(
    'stops the launcher under %s, and no request is lost and no worker replaced',
    async (balance) => {
      await using server = await start('--workers', '2', '--balance', balance)
      const answers = Array.from({ length: 8 }, () =>
        fetch(new URL('/slow?ms=800', server.url)).then((response) => response.text()),
      )
      using kept = keptConnection(server.url)
      await kept.ask()
      server.signal('SIGSTOP')
      for (const pid of workersOf(server)) process.kill(pid, 'SIGTERM')
      // The workers have received their signals, and keep serving.
      await kept.ask()
      server.signal('SIGTERM')
      server.signal('SIGCONT')
      for (const answer of answers) expect(Number(await answer)).toBeGreaterThan(0)
      expect(await server.finished()).toMatchObject({ code: 0 })
      expect(server.stderr()).not.toContain('is replaced')
    },
  )
})

describe('a signal to a worker', () => {
  it('SIGTERM drains and immediately replaces it', async () => {
    await using server = await start('--workers', '2')
    const [first = 0] = workersOf(server)
    process.kill(first, 'SIGTERM')
    await waitUntil(() => workersOf(server).length === 2 && !workersOf(server).includes(first), {
      what: 'a replacement worker',
    })
    expect(server.stderr()).not.toContain('died')
  })

  it.each(['SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGTTIN', 'SIGTTOU'] as const)(
    '%s is ignored by the worker and left to the launcher',
    async (signal) => {
      await using server = await start('--workers', '2')
      const before = workersOf(server)
      for (const pid of before) process.kill(pid, signal)
      for (let count = 0; count < 4; count += 1) expect((await fetch(server.url)).status).toBe(200)
      expect(workersOf(server)).toEqual(before)
    },
  )
})
