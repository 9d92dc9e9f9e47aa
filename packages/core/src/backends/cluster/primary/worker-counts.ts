import type { ServedCounts } from '../../../serve/served-counts.ts'
import type { RefusalReport } from '../../../serve/tls/refusal-reports.ts'
import { isOwnProbe } from '../../../tls/context/own-probes.ts'

/** What one worker has served, as it said last, without the launcher's own probes. */
export class WorkerCounts {
  #served: ServedCounts = {
    connections: 0,
    requests: 0,
    lostLines: 0,
    refusedClients: 0,
    refusedConnections: 0,
  }
  #probesRefused = 0

  take(served: ServedCounts): void {
    this.#served = served
  }

  /** Returns whether it was one of our own probes that the worker refused. */
  isProbe({ fingerprint256 }: RefusalReport): boolean {
    const isOwn = isOwnProbe(fingerprint256)
    if (isOwn) this.#probesRefused += 1
    return isOwn
  }

  /** `probes`: how many connections that it has accepted were ours. */
  without({ probes }: { readonly probes: number }): ServedCounts {
    const { connections, refusedClients } = this.#served
    return {
      ...this.#served,
      connections: Math.max(0, connections - probes),
      refusedClients: Math.max(0, refusedClients - this.#probesRefused),
    }
  }
}
