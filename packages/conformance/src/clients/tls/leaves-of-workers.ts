import { type Request, request } from '../http/node-client.ts'

/** Which leaf each serving process shows, as met by some requests in a row: with two workers, most likely both. */
export async function leavesOfWorkers(target: Request, requests = 40): Promise<Map<number, string>> {
  const leaves = new Map<number, string>()
  for (let count = 0; count < requests; count += 1) {
    const seen = await request({ ...target, path: '/pid', tls: target.tls ?? {} })
    if (seen.status !== 200) throw new Error(`no answer: ${seen.reason}`)
    const { pid } = JSON.parse(seen.body) as { pid: number }
    const fingerprint256 = seen.tls?.fingerprint256 ?? ''
    if ((leaves.get(pid) ?? fingerprint256) !== fingerprint256)
      throw new Error(`process ${pid} shows now one leaf and now another`)
    leaves.set(pid, fingerprint256)
  }
  return leaves
}
