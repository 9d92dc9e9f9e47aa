import { describe, expect, it } from 'vitest'
import { startUnderWine, type UnderWine } from '../support/lockstep-under-wine.ts'
import { killProcess } from '../support/processes.ts'
import { waitUntil } from '../support/wait-until.ts'
import { useWineRuntime, wine, wineTimeoutMs, withoutWine } from '../support/wine.ts'

const cluster = ['run', 'apps\\faulty.js', '--port', '0', '--backend', 'cluster', '--workers', '2'] as const

describe.skipIf(!wine.ready)(
  `faults and verbs under Windows Node in Wine${withoutWine}`,
  { timeout: wineTimeoutMs },
  () => {
    const runtime = useWineRuntime()

    it('replaces workers that exit with 0, are killed, or block their event loop, and keeps serving', async () => {
      await using server = startUnderWine(runtime(), [...cluster, '--hang-timeout', '10s'])
      await server.waitFor('Verified:')
      const exited = await begin(server, '/exit')
      await died(server, 1)
      await replaced(server, exited)
      const [victim] = server.process
        .processes()
        .filter(({ words }) => words.some((word) => word.includes('worker-start')))
      const before = await everyoneOf(server)
      killProcess(victim?.pid)
      await died(server, 2)
      await replacedOneOf(server, before)
      const blocked = await begin(server, '/loop')
      await server.waitFor('blocks its event loop and is killed')
      expect(server.stderr()).toMatch(/"stack":" {4}at \/loop \(/)
      await died(server, 3)
      await replaced(server, blocked)
      server.process.terminate()
      expect(await server.ended()).toEqual({ code: 0, signal: null })
      expect(server.process.processes()).toEqual([])
    })

    it('obeys the verbs: reload replaces every worker, scale adds one, stop ends the server gracefully', async () => {
      await using server = startUnderWine(runtime(), [...cluster, '--name', 'under-wine'])
      await server.waitFor('Verified:')
      const before = await everyoneOf(server)
      await verb('reload')
      const after = await everyoneOf(server)
      expect([...after].filter((pid) => before.has(pid))).toEqual([])
      await verb('scale', '3')
      expect((await everyoneOf(server, 3)).size).toBe(3)
      await verb('stop')
      expect(await server.ended()).toEqual({ code: 0, signal: null })
      expect(server.process.processes()).toEqual([])
    })

    async function verb(...words: readonly string[]): Promise<void> {
      await using command = startUnderWine(runtime(), [...words, '--name', 'under-wine'])
      expect(await command.ended(), command.stderr()).toEqual({ code: 0, signal: null })
    }
  },
)

/** A request on a connection of its own that a worker has begun to work on. Returns its Windows process id. */
async function begin(server: UnderWine, path: string): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${server.port()}${path}`, {
    headers: { connection: 'close' },
  })
  response.text().catch(() => undefined)
  return response.headers.get('x-worker') ?? ''
}

/** The ids of all answering processes. Sends requests until there are this many. */
async function everyoneOf(server: UnderWine, workers = 2): Promise<ReadonlySet<string>> {
  const seen = new Set<string>()
  for (let asked = 0; asked < 30 && seen.size < workers; asked += 1) seen.add(await begin(server, '/'))
  return seen
}

async function replaced(server: UnderWine, dead: string): Promise<void> {
  const all = async (): Promise<boolean> => {
    const seen = await everyoneOf(server)
    return seen.size === 2 && !seen.has(dead)
  }
  await waitUntil(all, { deadlineMs: 120_000, what: () => `the replacement of ${dead}: ${server.stderr()}` })
}

async function replacedOneOf(server: UnderWine, before: ReadonlySet<string>): Promise<void> {
  const all = async (): Promise<boolean> => {
    const seen = await everyoneOf(server)
    return seen.size === 2 && [...seen].some((pid) => !before.has(pid))
  }
  await waitUntil(all, { deadlineMs: 120_000, what: () => `a replacement: ${server.stderr()}` })
}

/** Until the primary has noticed it, an ending worker may still accept a request, which is lost with it. Afterwards, no request may fail. */
async function died(server: UnderWine, workers: number): Promise<void> {
  const deaths = (): number => (server.stderr().match(/"message":"worker \d died"/g) ?? []).length
  await waitUntil(() => deaths() === workers, { deadlineMs: 120_000, what: () => server.stderr() })
}
