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

const records = new AsyncLocalStorage<RecordedObservation[]>()

/** Collects what the clients see while an action runs. */
export async function recording(
  action: () => Promise<void>,
): Promise<{ observations: readonly RecordedObservation[]; error: unknown }> {
  const observations: RecordedObservation[] = []
  try {
    await records.run(observations, action)
    return { observations, error: null }
  } catch (error) {
    return { observations, error }
  }
}

/** To be called by each client with what it saw. */
export function record(asked: string, { client, outcome, reason, status, tls }: Observation): void {
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

function add(observation: RecordedObservation): void {
  const list = records.getStore()
  if (list && list.length < longest) list.push(observation)
}
