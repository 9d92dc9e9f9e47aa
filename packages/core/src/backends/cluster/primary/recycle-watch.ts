import type { PlannedRecycling } from '../../../plan/launch-plan.ts'
import type { ReplacementCause } from '../../server-backend.ts'
import {
  countSamplesOver,
  isOverForLong,
  type MemorySample,
  type WorkerLimits,
} from '../policy/recycle-policy.ts'

/** Reports once when a worker has lived long enough, or has held too much memory for a while. A worker counts its requests itself. */
export class RecycleWatch {
  readonly #recycling: PlannedRecycling
  readonly #onDue: (cause: ReplacementCause) => void
  readonly #lifetime: NodeJS.Timeout | undefined
  #samplesOver = 0
  #samplesWithout = 0
  #isDue = false

  constructor({
    recycling,
    limits,
    onDue,
  }: {
    recycling: PlannedRecycling
    limits: WorkerLimits
    onDue: (cause: ReplacementCause) => void
  }) {
    this.#recycling = recycling
    this.#onDue = onDue
    if (limits.lifetimeMs !== null)
      this.#lifetime = setTimeout(() => this.tell('lifetime'), limits.lifetimeMs).unref()
  }

  /** `null`: the worker had no free descriptor to take one. */
  sample(memory: MemorySample | null): void {
    this.#samplesWithout = memory ? 0 : this.#samplesWithout + 1
    if (isOverForLong(this.#samplesWithout)) this.tell('descriptors')
    if (!memory) return
    this.#samplesOver = countSamplesOver(this.#samplesOver, memory, this.#recycling)
    if (isOverForLong(this.#samplesOver)) this.tell('memory')
  }

  tell(cause: ReplacementCause): void {
    if (this.#isDue) return
    this.#isDue = true
    this.#onDue(cause)
  }

  stop(): void {
    this.#isDue = true
    clearTimeout(this.#lifetime)
  }
}
