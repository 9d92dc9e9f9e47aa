import { keepAliveClient, oneShotClient } from './http-clients.mjs'
import { startLoad } from './steady-load.mjs'

const each = 8
/** Far from all that the machine can do, so that who starts a worker has processor time for it. */
const pauseMs = 5

/** What clients of each kind ask for. Only whoever asks for the worker sees who answers. */
const kinds = {
  kept: (url) => keepAliveClient(`${url}/pid`),
  oneShot: (url) => oneShotClient(`${url}/pid`),
  slow: (url) => keepAliveClient(`${url}/slow`, /^at last$/),
}

/** Clients of three kinds that ask a server all the time, and what they see of its workers. */
export function startWatchedLoad({ url }) {
  /** By worker, when it first and last answered. */
  const workers = new Map()
  const lastOf = new Map()
  let since = performance.now()
  let longestGapMs = 0
  const onAnswer = (who, client) => {
    const now = performance.now()
    const seen = workers.get(who)
    if (seen) seen.last = now
    else workers.set(who, { first: now, last: now })
    longestGapMs = Math.max(longestGapMs, now - Math.max(since, lastOf.get(client) ?? now))
    lastOf.set(client, now)
  }
  const loads = Object.entries(kinds).map(([kind, client]) => {
    const clients = Array.from({ length: each }, () => client(url))
    const watch = kind === 'slow' ? {} : { onAnswer }
    return { kind, load: startLoad(clients, { pauseMs, ...watch }) }
  })
  return {
    workers,
    /** From now on the gaps between two answers to the same client count. */
    begin() {
      since = performance.now()
      longestGapMs = 0
      return since
    },
    async stop() {
      const stopped = await Promise.all(
        loads.map(async ({ kind, load }) => ({ kind, ...(await load.stop()) })),
      )
      const sum = (key) => stopped.reduce((total, seen) => total + seen[key], 0)
      return {
        longestGapMs,
        answered: sum('answered'),
        sentAgain: sum('sentAgain'),
        failures: stopped.flatMap(({ failures }) => failures),
        failedOf: Object.fromEntries(stopped.map(({ kind, failures }) => [kind, failures.length])),
      }
    },
  }
}
export const clientsInAll = each * Object.keys(kinds).length
