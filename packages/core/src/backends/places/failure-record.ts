import { messageOf } from '../../errors/thrown.ts'
import type { PlacedWorker } from './placed-worker.ts'
import { decideRestart } from './restart-policy.ts'

/** What is known of a worker that died. */
export type DeadWorker = Pick<PlacedWorker, 'wasReady' | 'aliveMs' | 'failure'>

/** The failures in a row of one place. From a number on, the place is degraded until a worker has served for a while. */
export class FailureRecord {
  #inRow = 0
  #reason = ''
  #isDegraded = false

  /** `null` while the place is not degraded. */
  get degraded(): { readonly failures: number; readonly reason: string } | null {
    return this.#isDegraded ? { failures: this.#inRow, reason: this.#reason } : null
  }

  /** Why a worker could not start. Its death is added separately. Returns the reason as text. */
  noteReason(error: unknown): string {
    this.#reason = messageOf(error)
    return this.#reason
  }

  /** Adds a death. Unset, `how` is known by `noteReason()` for a worker that was never ready. Returns how long to wait before the next worker starts. */
  add(dead: DeadWorker, how?: string): { readonly delayMs: number; readonly becomesDegraded: boolean } {
    const { earlyDeaths, delayMs, isDegraded } = decideRestart({
      wasReady: dead.wasReady,
      aliveMs: dead.aliveMs,
      earlyDeaths: this.#inRow,
      random: Math.random(),
    })
    const becomesDegraded = isDegraded && !this.#isDegraded
    this.#inRow = earlyDeaths
    this.#isDegraded ||= isDegraded
    if (dead.wasReady || how !== undefined)
      this.#reason = dead.failure?.message ?? how ?? 'it died soon after it had become ready'
    return { delayMs, becomesDegraded }
  }

  /** Forgets the failures: a worker has served for a while. Returns whether the place was degraded. */
  clear(): boolean {
    const wasDegraded = this.#isDegraded
    this.#inRow = 0
    this.#isDegraded = false
    return wasDegraded
  }
}
