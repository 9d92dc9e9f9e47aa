import { keepAliveClient, oneShotClient } from './http-clients.mjs'
import { startLoad } from './steady-load.mjs'

const each = 8
/** Far below the machine's limit, so that there is processor time to start a worker. */
const pauseMs = 5

/** A request without an answer by then counts as lost. */
const withinMs = 3_000

/** The requests of each kind of client. Only a client that requests the worker's id sees which one answers. */
const kinds = {
  kept: (url) => keepAliveClient(`${url}/pid`, { withinMs }),
  oneShot: (url) => oneShotClient(`${url}/pid`, { withinMs }),
  slow: (url) => keepAliveClient(`${url}/slow`, { withinMs, wanted: /^at last$/ }),
}

/** Clients of three kinds that constantly send requests to a server, and what they see of its workers. */
export function startWatchedLoad({ url }) {
  /** By worker, when it first and last answered. */
  const workers = new Map()
  const lastOf = new Map()
  let since = performance.now()
  let longestWaitMs = 0
  const onOutcome = ({ failure, body: who }, client) => {
    const now = performance.now()
    longestWaitMs = Math.max(longestWaitMs, now - Math.max(since, lastOf.get(client) ?? now))
    lastOf.set(client, now)
    if (failure !== null) return
    const seen = workers.get(who)
    if (seen) seen.last = now
    else workers.set(who, { first: now, last: now })
  }
  const loads = Object.entries(kinds).map(([kind, client]) => {
    const clients = Array.from({ length: each }, () => client(url))
    const watch = kind === 'slow' ? {} : { onOutcome }
    return { kind, load: startLoad(clients, { pauseMs, ...watch }) }
  })
  return {
    workers,
    /** From now on the waits of each client from one answer to the next count. */
    begin() {
      since = performance.now()
      longestWaitMs = 0
      return since
    },
    async stop() {
      const stopped = await Promise.all(
        loads.map(async ({ kind, load }) => ({ kind, ...(await load.stop()) })),
      )
      const sum = (key) => stopped.reduce((total, seen) => total + seen[key], 0)
      return {
        longestWaitMs,
        answered: sum('answered'),
        sentAgain: sum('sentAgain'),
        failures: stopped.flatMap(({ failures }) => failures),
        failedOf: Object.fromEntries(stopped.map(({ kind, failures }) => [kind, failures.length])),
      }
    },
  }
}
export const clientsInAll = each * Object.keys(kinds).length
