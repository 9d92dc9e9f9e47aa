import { type Request, request } from './http/node-client.ts'
import { poll } from './poll.ts'

/** What the apps of the suite say of the worker that answers. */
export interface ServingWorker {
  /** Distinguishes it from all others, before and after, whether it is a process or a thread: `4711/0` for the main thread of process 4711. */
  readonly worker: string
  /** Its process, as its platform numbers it. */
  readonly pid: number
}

/** The worker that answers one request. */
export async function answeringWorker(target: Request): Promise<ServingWorker> {
  const { body } = await request({ ...target, path: '/pid', deadlineMs: 2_000 })
  return JSON.parse(body) as ServingWorker
}

/** The worker that answers one request, by what distinguishes it. */
export async function workerOf(target: Request): Promise<string> {
  return (await answeringWorker(target)).worker
}

/** The process that answers one request. */
export async function pidOf(target: Request): Promise<number> {
  return (await answeringWorker(target)).pid
}

/** The processes that answer some requests in a row. */
export async function pidsOf(target: Request, requests = 10): Promise<number[]> {
  return [...new Set([...(await answering(target, requests)).values()].map(({ pid }) => pid))]
}

/** The workers that answer some requests in a row: with two or three of them, most likely all. */
export async function workersOf(target: Request, requests = 10): Promise<string[]> {
  return [...(await answering(target, requests)).keys()]
}

/**
 * Waits until as many workers answer, and no more. Where connections reach workers by chance, one of two is silent for 10 requests once in
 * 500 times, which a poll over seconds meets; for 40, once in 10^11.
 */
export async function workersThatAnswer(target: Request, count: number): Promise<ServingWorker[]> {
  const found = await poll(() => answering(target, 40), {
    until: (workers) => workers.size === count,
    what: `${count} workers to answer`,
  })
  return [...found.values()]
}

/** The same, by what distinguishes them. */
export async function allThatAnswer(target: Request, count: number): Promise<string[]> {
  return (await workersThatAnswer(target, count)).map(({ worker }) => worker)
}

/** Makes a worker end itself immediately, like a crash, and returns which it was. */
export async function crashOne(target: Request): Promise<string> {
  const { body } = await request({ ...target, path: '/crash', deadlineMs: 2_000 })
  return (JSON.parse(body) as ServingWorker).worker
}

async function answering(target: Request, requests: number): Promise<Map<string, ServingWorker>> {
  const workers = new Map<string, ServingWorker>()
  for (let count = 0; count < requests; count += 1) {
    const found = await answeringWorker(target).catch(() => null)
    if (found) workers.set(found.worker, found)
  }
  return workers
}
