import { AsyncLocalStorage } from 'node:async_hooks'
import type { ClientName, Observation, ObservedSession } from './observation.ts'

/** One exchange in the form of a report. */
export interface RecordedObservation {
  readonly client: ClientName
  /** What was asked, on one line. */
  readonly asked: string
  readonly outcome: Observation['outcome'] | 'not observed'
  readonly reason: string
  readonly status: number | null
  readonly tls: Omit<ObservedSession, 'chain'> | null
}

/** What a client got, for the text of a failure. */
export interface Exchange {
  readonly asked: string
  /** `null`: no answer came. */
  readonly status: number | null
  readonly reason: string
  /** Its beginning, if it is long. */
  readonly body: string
}

interface Records {
  readonly observations: RecordedObservation[]
  /** The newest last. */
  readonly exchanges: Exchange[]
}

const records = new AsyncLocalStorage<Records>()

/** Collects what the clients see while an action runs. */
export async function recording(action: () => Promise<void>): Promise<{
  observations: readonly RecordedObservation[]
  exchanges: readonly Exchange[]
  error: unknown
}> {
  const made: Records = { observations: [], exchanges: [] }
  try {
    await records.run(made, action)
    return { ...made, error: null }
  } catch (error) {
    return { ...made, error }
  }
}

/** To be called by each client with what it saw. */
export function record(asked: string, { client, outcome, reason, status, tls, body }: Observation): void {
  const exchanges = records.getStore()?.exchanges
  exchanges?.push({ asked, status, reason, body: body.slice(0, longestBody) })
  if (exchanges && exchanges.length > newest) exchanges.shift()
  const seen = tls && {
    version: tls.version,
    cipher: tls.cipher,
    group: tls.group,
    fingerprint256: tls.fingerprint256,
    alpn: tls.alpn,
    resumed: tls.resumed,
  }
  add({ client, asked, outcome, reason, status, tls: seen })
}

/** A client that is not there has seen nothing, and that is not the same as having seen nothing wrong. */
export function recordNotObserved(
  client: ClientName,
  { asked, reason }: { asked: string; reason: string },
): void {
  add({ client, asked, outcome: 'not observed', reason, status: null, tls: null })
}

/** A case may ask until the answer holds: a report need not show each time. */
const longest = 40
/** Exchanges may overlap, so the one that made a case fail need not be the last one. */
const newest = 12
const longestBody = 10_000

function add(observation: RecordedObservation): void {
  const list = records.getStore()?.observations
  if (list && list.length < longest) list.push(observation)
}
