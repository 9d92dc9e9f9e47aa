import { type Request, request } from './http/node-client.ts'
import type { ServingWorker } from './workers.ts'

/** How many of some requests, each on a connection of its own, were answered by which worker. One without an answer is an error. */
export async function spreadOfRequests(
  target: Request,
  { count, atOnce }: { count: number; atOnce: number },
): Promise<Map<string, number>> {
  const answers = new Map<string, number>()
  let left = count
  const client = async (): Promise<void> => {
    while (left > 0) {
      left -= 1
      const seen = await request({ ...target, path: '/pid' })
      if (seen.status !== 200) throw new Error(`no answer: ${seen.reason || seen.status}`)
      const { worker } = JSON.parse(seen.body) as ServingWorker
      answers.set(worker, (answers.get(worker) ?? 0) + 1)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, client))
  return answers
}
