import { rmSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Started, startLockstep } from '../support/lockstep.ts'
import { waitUntilGone } from '../support/processes.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { waitUntil } from '../support/wait-until.ts'

const app = 'apps/switches.js'
const cluster = ['run', app, '--backend', 'cluster', '--port', '0'] as const

/** A request on a new connection that a worker has begun to handle. */
interface Begun {
  readonly worker: number
  /** The process id that the worker finally answers with. */
  readonly answer: Promise<number>
}

async function begin(server: Started, path: string): Promise<Begun> {
  const response = await fetch(new URL(path, server.url), {
    headers: { connection: 'close' },
    signal: AbortSignal.timeout(15_000),
  })
  const answer = response.text().then(Number)
  // A test that expects a failure checks for it. The others see it when they await the answer.
  answer.catch(() => undefined)
  return { worker: Number(response.headers.get('x-worker')), answer }
}

async function ask(server: Started, path = '/'): Promise<number> {
  return (await begin(server, path)).answer
}

function workersOf(server: Started): number[] {
  return server.processes().filter((pid) => pid !== server.pid)
}

describe('a cluster', () => {
  it('leaves no process behind when the primary dies by SIGKILL', async () => {
    await using server = await startLockstep([...cluster, '--workers', '3'])
    expect(workersOf(server)).toHaveLength(3)
    server.signal('SIGKILL')
    await waitUntilGone(server.processes, 5_000)
  })

  it('leaves no process behind when the primary dies by SIGKILL while a worker blocks its event loop', async () => {
    await using server = await startLockstep([...cluster, '--workers', '2'])
    await begin(server, '/block?ms=60000')
    server.signal('SIGKILL')
    await waitUntilGone(server.processes, 5_000)
  })

  it('keeps serving while a crashed worker is replaced, and reports which worker died', async () => {
    await using server = await startLockstep([...cluster, '--workers', '2'])
    const before = workersOf(server)
    await begin(server, '/crash')
    await server.waitFor('is replaced')
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask(server)))
    expect(answers.every((pid) => pid > 0)).toBe(true)
    await waitUntil(() => workersOf(server).length === 2, { what: 'two workers' })
    expect(workersOf(server)).not.toEqual(before)
    expect(server.stderr()).toContain('crashed on purpose')
    expect(server.stderr()).toMatch(/"message":"worker [12] died"/)
  })

  it('waits longer before each retry of a worker that fails to start, keeps the healthy one, and recovers', async () => {
    const broken = join(temporaryFolder(), 'broken')
    await using server = await startLockstep([...cluster, '--workers', '2'], {
      env: { BROKEN_WHILE: broken },
    })
    const [first = 0, healthy = 0] = workersOf(server)
    writeFileSync(broken, '')
    process.kill(first, 'SIGKILL')
    const delays = (): number[] =>
      [...server.stderr().matchAll(/"delayMs":(\d+)/g)].map(([, delay]) => Number(delay))
    await waitUntil(() => delays().length >= 4, { what: 'three failed attempts' })
    expect(await ask(server)).toBe(healthy)
    // Each wait is randomly up to a fifth shorter.
    for (const [index, longest] of [0, 200, 400, 800].entries()) {
      expect(delays()[index]).toBeLessThanOrEqual(longest)
      expect(delays()[index]).toBeGreaterThanOrEqual(longest * 0.8)
    }
    expect(server.stderr()).toContain('broken for now')
    rmSync(broken)
    await waitUntil(() => workersOf(server).length === 2, { what: 'a second worker again' })
    await waitUntil(async () => (await ask(server)) !== healthy, { what: 'an answer of the new worker' })
  })

  it('lets requests in flight end on SIGTERM, and accepts no new ones', async () => {
    await using server = await startLockstep([...cluster, '--workers', '2'])
    const slow = await Promise.all(Array.from({ length: 4 }, () => begin(server, '/slow?ms=1000')))
    server.signal('SIGTERM')
    await server.waitFor('stopping')
    await waitUntil(
      async () =>
        ask(server).then(
          () => false,
          () => true,
        ),
      { what: 'new connections to be refused' },
    )
    for (const { worker, answer } of slow) expect(await answer).toBe(worker)
    expect(await server.finished()).toMatchObject({ code: 0 })
  })

  it('kills remaining workers at the deadline, and still exits 0', async () => {
    await using server = await startLockstep([...cluster, '--workers', '2', '--graceful-timeout', '500ms'])
    await begin(server, '/block?ms=60000')
    const started = performance.now()
    server.signal('SIGTERM')
    expect(await server.finished()).toMatchObject({ code: 0 })
    expect(performance.now() - started).toBeLessThan(5_000)
    expect(server.processes()).toEqual([])
  })

  it('ends immediately on a second interrupt, with its own exit code', async () => {
    await using server = await startLockstep([...cluster, '--workers', '2'])
    const slow = await begin(server, '/slow?ms=30000')
    server.signal('SIGINT')
    await server.waitFor('stopping')
    const interrupted = performance.now()
    await waitUntil(() => performance.now() - interrupted > 600, { what: 'a second key press' })
    server.signal('SIGINT')
    expect(await server.finished(5_000)).toMatchObject({ code: 130 })
    expect(server.processes()).toEqual([])
    await expect(slow.answer).rejects.toThrow()
  })

  it('treats two interrupts in quick succession as one, because npm forwards the one of the terminal', async () => {
    await using server = await startLockstep([...cluster, '--workers', '2'])
    const slow = await begin(server, '/slow?ms=1000')
    server.signal('SIGINT')
    server.signal('SIGINT')
    expect(await slow.answer).toBe(slow.worker)
    expect(await server.finished()).toMatchObject({ code: 0 })
  })

  it('drains and replaces a worker that gets SIGTERM', async () => {
    await using server = await startLockstep([...cluster, '--workers', '2'])
    const slow = await begin(server, '/slow?ms=600')
    const leaving = slow.worker
    process.kill(leaving, 'SIGTERM')
    expect(await slow.answer).toBe(leaving)
    await waitUntil(() => workersOf(server).length === 2 && !workersOf(server).includes(leaving), {
      what: 'a replacement',
    })
    server.signal('SIGTERM')
    expect(await server.finished()).toMatchObject({ code: 0 })
  })

  it('keeps serving when the readers of its output have closed', async () => {
    await using server = await startLockstep([
      ...cluster,
      '--workers',
      '2',
      '--access-log',
      '-',
      '--log-level',
      'debug',
    ])
    server.child.stdout?.destroy()
    server.child.stderr?.destroy()
    const before = workersOf(server)
    for (let count = 0; count < 10; count += 1) expect(await ask(server)).toBeGreaterThan(0)
    expect(workersOf(server)).toEqual(before)
    server.signal('SIGTERM')
    expect(await server.finished()).toMatchObject({ code: 0 })
  })

  it('loses no request of keep-alive clients when workers are replaced under load', async () => {
    await using server = await startLockstep([
      ...cluster,
      // So that eight kept connections reach both workers.
      '--balance',
      'round-robin',
      '--workers',
      '2',
      '--keep-alive',
      '10s',
      '--log-level',
      'debug',
    ])
    const agent = new http.Agent({ keepAlive: true, maxSockets: 8 })
    const lost: string[] = []
    /** How often each worker has answered. */
    const answers = new Map<number, number>()
    let going = true
    const client = async (): Promise<void> => {
      while (going) {
        try {
          const pid = await get(server.url, agent)
          answers.set(pid, (answers.get(pid) ?? 0) + 1)
        } catch (error) {
          lost.push(String(error))
        }
      }
    }
    const clients = Promise.all(Array.from({ length: 8 }, client))
    const busy = (pids: readonly number[]): boolean => pids.every((pid) => (answers.get(pid) ?? 0) >= 50)
    const ready = (): number => (server.stderr().match(/worker \d is ready/g) ?? []).length
    const first = workersOf(server)
    await waitUntil(() => busy(first), { what: 'both workers to be busy' })
    for (const leaving of first) {
      const before = ready()
      process.kill(leaving, 'SIGTERM')
      // Its clients move to the other worker meanwhile, and stay there because their connections are kept.
      await waitUntil(() => ready() > before, { what: 'its replacement' })
    }
    const successors = (): number[] => [...answers.keys()].filter((pid) => !first.includes(pid))
    await waitUntil(() => successors().length > 0 && busy(successors()), {
      what: 'the replacements to be busy',
    })
    going = false
    await clients
    agent.destroy()
    expect(lost).toEqual([])
  })
})

/** One request on a connection that is kept; the answer is the process id of the worker. */
function get(url: string, agent: http.Agent): Promise<number> {
  return new Promise((resolve, reject) => {
    const exchange = http.get(url, { agent }, (response) => {
      let body = ''
      response.setEncoding('utf8').on('data', (text: string) => {
        body += text
      })
      response.once('end', () => resolve(Number(body))).once('error', reject)
    })
    exchange.once('error', reject)
  })
}
