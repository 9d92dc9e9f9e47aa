import { type Request, request } from './http/node-client.ts'
import { poll } from './poll.ts'

/** The process that answers one request, as its platform numbers it. */
export async function pidOf(target: Request): Promise<number> {
  const { body } = await request({ ...target, path: '/pid', deadlineMs: 2_000 })
  return (JSON.parse(body) as { pid: number }).pid
}

/** The processes that answer some requests in a row: with two or three workers, most likely all of them. */
export async function pidsOf(target: Request, requests = 10): Promise<number[]> {
  const pids = new Set<number>()
  for (let count = 0; count < requests; count += 1) pids.add(await pidOf(target).catch(() => 0))
  return [...pids].filter((pid) => pid !== 0)
}

/**
 * Waits until as many processes answer, and no more. Where connections reach workers by chance, one of two is silent for 10 requests once in
 * 500 times, which a poll over seconds meets; for 40, once in 10^11.
 */
export async function allThatAnswer(target: Request, count: number): Promise<number[]> {
  return poll(() => pidsOf(target, 40), {
    until: (pids) => pids.length === count,
    what: `${count} processes to answer`,
  })
}

/** Makes a process end itself immediately, like a crash, and returns its id. */
export async function crashOne(target: Request): Promise<number> {
  const { body } = await request({ ...target, path: '/crash', deadlineMs: 2_000 })
  return (JSON.parse(body) as { pid: number }).pid
}
