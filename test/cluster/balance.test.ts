import { describe, expect, it } from 'vitest'
import { runLockstep, type Started, startLockstep } from '../support/lockstep.ts'
import { waitUntil } from '../support/wait-until.ts'

const workersOf = (server: Started): number[] => server.processes().filter((pid) => pid !== server.pid)

function start(balance: string, ...args: readonly string[]): Promise<Started> {
  return startLockstep(
    ['run', 'apps/switches.js', '--port', '0', '--workers', '2', '--balance', balance, ...args],
    {},
  )
}

/** Clients that use a new connection for each request, until they are stopped. */
function clients(server: Started, count: number) {
  const answers = new Map<number, number>()
  const lost: string[] = []
  let going = true
  const client = async (): Promise<void> => {
    while (going) {
      try {
        const response = await fetch(server.url, { headers: { connection: 'close' } })
        const pid = Number(await response.text())
        answers.set(pid, (answers.get(pid) ?? 0) + 1)
      } catch (error) {
        lost.push(String(error instanceof Error ? (error.cause ?? error) : error))
      }
    }
  }
  const all = Promise.all(Array.from({ length: count }, client))
  return {
    answers,
    lost,
    async end(): Promise<void> {
      going = false
      await all
    },
  }
}

describe.each(['round-robin', 'shared', 'reuse-port'])('under %s', (balance) => {
  it('no connection is lost when the workers leave one after the other', async () => {
    await using server = await start(balance, '--log-level', 'debug')
    const load = clients(server, 6)
    const ready = (): number => (server.stderr().match(/worker \d is ready/g) ?? []).length
    const first = workersOf(server)
    await waitUntil(() => first.every((pid) => (load.answers.get(pid) ?? 0) > 20), {
      what: 'both workers to be busy',
    })
    for (const leaving of first) {
      const before = ready()
      process.kill(leaving, 'SIGTERM')
      await waitUntil(() => ready() > before, { what: 'its replacement' })
    }
    const successors = workersOf(server).filter((pid) => !first.includes(pid))
    await waitUntil(() => successors.every((pid) => (load.answers.get(pid) ?? 0) > 20), {
      what: 'the replacements to be busy',
    })
    await load.end()
    expect(load.lost).toEqual([])
  })

  it('the share of each worker is reported', async () => {
    await using server = await start(balance, '--hang-timeout', '1s')
    const load = clients(server, 4)
    await waitUntil(() => load.answers.size === 2, { what: 'answers of both' })
    await load.end()
    const told = async (): Promise<unknown[]> => {
      const { stdout } = await runLockstep(['status', '--json'], {
        env: { XDG_RUNTIME_DIR: server.runtimeFolder },
      })
      const {
        servers: [status],
      } = JSON.parse(stdout) as {
        servers: [{ workers: { pid: number; served: { requests: number } }[] }]
      }
      return status.workers.map(({ pid, served }) => [pid, served.requests])
    }
    await waitUntil(async () => String((await told()).sort()) === String([...load.answers].sort()), {
      what: 'both to have reported',
    })
    const { stdout } = await runLockstep(['status'], { env: { XDG_RUNTIME_DIR: server.runtimeFolder } })
    // One of anything has no plural: a worker may have answered a single request.
    const requests = '(1 request|(?!1 )\\d+ requests)'
    const connections = '(1 connection|(?!1 )\\d+ connections)'
    for (const worker of [1, 2])
      expect(stdout).toMatch(
        new RegExp(`^ {2}worker ${worker} +ready, process \\d+, served ${requests} on ${connections}$`, 'm'),
      )
  })
})

it('one request on one connection is reported as one', async () => {
  await using server = await start('round-robin', '--hang-timeout', '1s', '--no-verify')
  const answer = await fetch(server.url, { headers: { connection: 'close' } })
  const pid = Number(await answer.text())
  const line = new RegExp(`^ {2}worker \\d +ready, process ${pid}, served 1 request on 1 connection$`, 'm')
  const env = { XDG_RUNTIME_DIR: server.runtimeFolder }
  await waitUntil(async () => line.test((await runLockstep(['status'], { env })).stdout), {
    what: 'the worker to have reported',
  })
})
