import { type Request, request } from './node-client.ts'

/** The process that answers one request, as its platform numbers it. */
export async function pidOf(target: Request): Promise<number> {
  const { body } = await request({ ...target, path: '/pid', deadlineMs: 2_000 })
  return (JSON.parse(body) as { pid: number }).pid
}

/** The processes that answer some requests in a row: with two or three workers, most likely all of them. */
export async function pidsOf(target: Request): Promise<number[]> {
  const pids = new Set<number>()
  for (let count = 0; count < 10; count += 1) pids.add(await pidOf(target).catch(() => 0))
  return [...pids].filter((pid) => pid !== 0)
}

/** Has a process end itself at once, as a crash would, and gives which one it was. */
export async function crashOne(target: Request): Promise<number> {
  const { body } = await request({ ...target, path: '/crash', deadlineMs: 2_000 })
  return (JSON.parse(body) as { pid: number }).pid
}
