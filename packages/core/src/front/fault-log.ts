import type { IncomingMessage } from 'node:http'
import type { Logger } from '../log/logger.ts'
import type { FaultKind, UpstreamFault } from './upstream/upstream-fault.ts'

/** While a program is down, each request fails. One line of a kind in this time is enough. */
const quietMs = 1_000

/** Logs what goes wrong with upstreams, with the number of faults that were not logged since the last one of the same kind. */
export class FaultLog {
  readonly #log: Logger
  readonly #last = new Map<FaultKind, { at: number; unlogged: number }>()

  readonly #what: string

  constructor(log: Logger, what = 'the program failed on a request') {
    this.#log = log
    this.#what = what
  }

  add({ kind, reason }: UpstreamFault, { method, url }: IncomingMessage): void {
    const now = performance.now()
    const last = this.#last.get(kind)
    if (last && now - last.at < quietMs) {
      last.unlogged += 1
      return
    }
    this.#last.set(kind, { at: now, unlogged: 0 })
    this.#log.error(this.#what, {
      fault: kind,
      reason,
      method,
      target: url,
      ...(last && last.unlogged > 0 && { more: last.unlogged }),
    })
  }
}
