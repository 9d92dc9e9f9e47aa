import { once } from 'node:events'
import http from 'node:http'
import { json } from 'node:stream/consumers'

const atOnce = 16
const withinMs = 8_000

/** Sends requests on new connections until this many processes have answered. Returns the milliseconds since `since`, or null if some never did. */
export async function fullStrength({ url }, { workers, since }) {
  const seen = new Set()
  const end = performance.now() + withinMs
  while (seen.size < workers && performance.now() < end) {
    const answers = await Promise.all(Array.from({ length: atOnce }, () => pidOf(`${url}/pid`)))
    for (const pid of answers) if (pid !== null) seen.add(pid)
  }
  return seen.size >= workers ? performance.now() - since : Number.NaN
}

async function pidOf(url) {
  try {
    const [response] = await once(http.get(url, { agent: false }), 'response')
    return (await json(response)).pid
  } catch {
    // It does not listen yet.
    return null
  }
}
