import { type Started, type StartOptions, startLockstep } from './lockstep.ts'
import { childrenOf } from './processes.ts'
import type { SteadyLoad } from './steady-load.ts'
import { waitUntil } from './wait-until.ts'

export interface FaultyCluster extends Started {
  workers(): number[]
  /** Makes the worker that gets the request fail in this way. Resolves with its process id once it has begun. */
  provoke(fault: string): Promise<number>
}

/**
 * A cluster with an app that fails on request. It uses round-robin, so that a few clients with kept connections reach all workers. The conformance
 * cases cover these faults under each balance.
 */
export async function startFaulty(
  flags: readonly string[] = [],
  options: StartOptions = {},
): Promise<FaultyCluster> {
  const server = await startLockstep(
    ['run', 'apps/faulty.js', '--backend', 'cluster', '--balance', 'round-robin', '--port', '0', ...flags],
    options,
  )
  return {
    ...server,
    workers: () => childrenOf(server.pid),
    async provoke(fault) {
      const response = await fetch(new URL(fault, server.url), { headers: { connection: 'close' } })
      response.text().catch(() => undefined)
      return Number(response.headers.get('x-worker'))
    },
  }
}

/** Resolves when each of its workers has answered on a new connection: clients with kept connections stay with their worker. */
export async function everyoneServes(server: FaultyCluster): Promise<void> {
  const seen = new Set<number>()
  await waitUntil(
    async () => {
      seen.add(await server.provoke('/'))
      return server.workers().every((pid) => seen.has(pid))
    },
    { deadlineMs: 20_000, what: () => `answers of ${server.workers()}; got ${[...seen]}` },
  )
}

/** Resolves when each of these workers has answered a few more requests. */
export async function everyoneAnswers(load: SteadyLoad, workers: () => readonly number[]): Promise<void> {
  const before = new Map(load.answers)
  const isBusy = (pid: number): boolean => (load.answers.get(pid) ?? 0) >= (before.get(pid) ?? 0) + 20
  await waitUntil(() => workers().every(isBusy), {
    deadlineMs: 20_000,
    what: () => `answers of ${workers()}; got ${JSON.stringify([...load.answers])}`,
  })
}
