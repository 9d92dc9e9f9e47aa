import { oneRequest } from './one-request.mjs'

/** The pids that answered this many requests, each on a new connection. */
export async function pidsOf(target, times) {
  const pids = new Set()
  for (let done = 0; done < times; done += 1) pids.add((await oneRequest(target)).pid)
  return pids
}
