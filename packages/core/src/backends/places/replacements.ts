import { messageOf } from '../../errors/thrown.ts'
import { oneAtATime } from '../../lifecycle/one-at-a-time.ts'
import { workersAreFixed } from '../../lifecycle/workers-are-fixed.ts'
import type { Logger } from '../../log/logger.ts'
import type { PlannedReplacement } from '../../plan/launch-plan.ts'
import type { BackendHost, ReplacedWorkers, ReplacementCause } from '../server-backend.ts'
import type { Place } from './place.ts'
import type { PlacedWorker } from './placed-worker.ts'
import { replaceInWaves } from './replace-in-waves.ts'
import { decideRestart } from './restart-policy.ts'

interface ReplacementsOptions<Worker extends PlacedWorker> {
  readonly places: ReadonlyMap<number, Place<Worker>>
  readonly replacement: PlannedReplacement
  readonly log: Logger
  readonly emit: BackendHost['emit']
  readonly isStopping: () => boolean
  /** Runs around each change of the places. */
  readonly during: AroundChange
}

export type AroundChange = <Value>(change: () => Promise<Value>) => Promise<Value>

/** Replaces workers that serve well: one wave at a time, for all causes, so that never all of them are replaced at once. */
export class Replacements<Worker extends PlacedWorker = PlacedWorker> {
  readonly #options: ReplacementsOptions<Worker>
  readonly #afterOthers = oneAtATime()
  readonly #retries = new Set<NodeJS.Timeout>()

  constructor(options: ReplacementsOptions<Worker>) {
    this.#options = options
  }

  /** Runs a change of the places when those before it are done. */
  inTurn<Value>(change: () => Promise<Value>): Promise<Value> {
    return this.#afterOthers(async () => {
      const { isStopping, during } = this.#options
      if (isStopping()) throw workersAreFixed('draining')
      return during(change)
    })
  }

  replaceWorkers(): Promise<ReplacedWorkers> {
    return this.inTurn(async () => {
      const { places, replacement } = this.#options
      return { workers: await replaceInWaves([...places.values()], { ...replacement, cause: 'reload' }) }
    })
  }

  restart(id: number): Promise<void> {
    return this.inTurn(async () => {
      const place = this.#options.places.get(id)
      if (!place) throw new RangeError(`there is no worker ${id}`)
      await this.#replaceOne(place, 'restart')
    })
  }

  /** Replaces a worker that has reached a limit of its own, and tries again later when its successor fails. */
  recycle(worker: Worker, cause: ReplacementCause, failures = 0): void {
    const { places, log, emit, isStopping } = this.#options
    const place = places.get(worker.id)
    const isDue = (): boolean => !isStopping() && place?.current === worker
    if (!place || !isDue()) return
    if (failures === 0) emit({ type: 'worker:recycling', worker: worker.id, pid: worker.pid, cause })
    this.inTurn(async () => {
      if (isDue()) await this.#replaceOne(place, cause)
    }).catch((error: unknown) => {
      if (!isDue()) return
      const { delayMs, earlyDeaths } = decideRestart({
        wasReady: false,
        aliveMs: 0,
        earlyDeaths: failures,
        random: Math.random(),
      })
      const reason = messageOf(error)
      log.error(`worker ${worker.id} could not be replaced and serves on`, { cause, reason, delayMs })
      const timer = setTimeout(() => {
        this.#retries.delete(timer)
        this.recycle(worker, cause, earlyDeaths)
      }, delayMs)
      this.#retries.add(timer)
    })
  }

  stop(): void {
    for (const timer of this.#retries) clearTimeout(timer)
    this.#retries.clear()
  }

  async #replaceOne(place: Place<Worker>, cause: ReplacementCause): Promise<void> {
    const { mode } = this.#options.replacement
    await replaceInWaves([place], { mode, maxSurge: 1, maxUnavailable: 0, cause })
  }
}
