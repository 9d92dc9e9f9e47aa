import { type Request, request } from '../http/node-client.ts'
import type { ServingWorker } from '../workers.ts'

/** Which leaf each worker shows, as met by some requests in a row: with two workers, most likely both. */
export async function leavesOfWorkers(target: Request, requests = 40): Promise<Map<string, string>> {
  const leaves = new Map<string, string>()
  for (let count = 0; count < requests; count += 1) {
    const seen = await request({ ...target, path: '/pid', tls: target.tls ?? {} })
    if (seen.status !== 200) throw new Error(`no answer: ${seen.reason}`)
    const { worker } = JSON.parse(seen.body) as ServingWorker
    const fingerprint256 = seen.tls?.fingerprint256 ?? ''
    if ((leaves.get(worker) ?? fingerprint256) !== fingerprint256)
      throw new Error(`worker ${worker} shows now one leaf and now another`)
    leaves.set(worker, fingerprint256)
  }
  return leaves
}
