import type { StopSignal } from '../../app/app-signals.ts'
import { stoppedInBoot } from '../../app/load-app.ts'
import type { LaunchError } from '../../errors/launch-error.ts'
import type { PlannedReplacement } from '../../plan/launch-plan.ts'
import { closedBeforeAnnouncement } from '../closed-before-announcement.ts'
import type { BackendHost, ReplacementCause, StopUrgency, Supervisor } from '../server-backend.ts'
import { Place, type PlaceHost } from './place.ts'
import type { PlacedWorker, WorkerEnd } from './placed-worker.ts'
import { type AroundChange, Replacements } from './replacements.ts'

interface PlacesOptions<Worker extends PlacedWorker> {
  readonly host: Pick<BackendHost, 'emit' | 'log' | 'signal'>
  readonly replacement: PlannedReplacement
  readonly place: Pick<PlaceHost<Worker>, 'gracefulMs' | 'start' | 'verify' | 'onChange' | 'onEnd'>
  /** Runs around each change of the places, whatever has asked for it. Unset, nothing does. */
  readonly during?: AroundChange
  /** Why the launch fails when a worker that was ready ends before the server is announced. */
  diedBeforeAnnouncement(worker: Worker, end: WorkerEnd): LaunchError
}

/** Keeps the set number of workers alive: one in each place, replaced when it dies. */
export class Places<Worker extends PlacedWorker> {
  readonly #options: PlacesOptions<Worker>
  readonly #places = new Map<number, Place<Worker>>()
  /** Places that are not wanted any more, until their workers have ended. */
  readonly #closing = new Set<Place<Worker>>()
  readonly #replacements: Replacements<Worker>
  readonly supervisor: Omit<Supervisor, 'stacks'>
  #isStopping = false
  #isAnnounced = false
  readonly #diedEarly = Promise.withResolvers<LaunchError>()

  constructor(options: PlacesOptions<Worker>) {
    const { host, replacement, during = (change) => change() } = options
    this.#options = options
    this.#replacements = new Replacements({
      places: this.#places,
      replacement,
      log: host.log,
      emit: host.emit,
      isStopping: () => this.#isStopping,
      during,
    })
    const wanted = (): number => this.#places.size
    this.supervisor = {
      replaceWorkers: () => this.#replacements.replaceWorkers(),
      restart: (worker) => this.#replacements.restart(worker),
      scale: (workers) => this.#replacements.inTurn(() => this.#scale(workers)),
      failing: () => [...this.#places.values()].flatMap((place) => place.failing() ?? []),
      get wanted() {
        return wanted()
      },
    }
  }

  /** Settles when a worker that was ready ends by itself before the launch is announced. */
  get diedEarly(): Promise<LaunchError> {
    return this.#diedEarly.promise
  }

  /** From now on a worker that dies is replaced. */
  announced(): void {
    this.#isAnnounced = true
  }

  workers(): readonly Worker[] {
    return [...this.#places.values(), ...this.#closing].flatMap((place) => place.workers())
  }

  /** Starts all workers. When one fails, it rejects with that worker's own error; the caller then stops them. */
  async boot(workers: number): Promise<void> {
    const { signal } = this.#options.host
    const givenUp = Promise.withResolvers<never>()
    const giveUp = (): void => givenUp.reject(stoppedInBoot())
    void this.diedEarly.then(givenUp.reject)
    givenUp.promise.catch(() => undefined)
    if (signal.aborted) giveUp()
    signal.addEventListener('abort', giveUp, { once: true })
    try {
      await Promise.race([this.#fillUpTo(workers), givenUp.promise])
    } finally {
      signal.removeEventListener('abort', giveUp)
    }
  }

  /** Replaces a worker that has reached a limit of its own. */
  recycle(worker: Worker, cause: ReplacementCause): void {
    this.#replacements.recycle(worker, cause)
  }

  /** The server stops: no worker that is asked to end is replaced. */
  beginStop(): void {
    for (const place of this.#places.values()) place.beginStop()
  }

  /** Drains every worker and waits for its end; kills what does not end. Settles when no process is left. */
  async stop(urgency: StopUrgency, signal: StopSignal = 'SIGTERM'): Promise<void> {
    this.#isStopping = true
    this.#replacements.stop()
    const places = [...this.#places.values(), ...this.#closing]
    await Promise.all(places.map((place) => place.close(urgency, signal)))
  }

  async #scale(workers: number): Promise<void> {
    if (!Number.isInteger(workers) || workers < 1)
      throw new RangeError(`${workers} is not a number of workers`)
    const from = this.#places.size
    if (workers > from) await this.#fillUpTo(workers)
    for (let id = from; id > workers; id -= 1) this.#giveUpPlace(id)
    if (workers !== from) this.#options.host.emit({ type: 'scaled', from, to: workers })
  }

  /** Fills the places that are missing. When one worker fails, none of the new places stays, and it rejects with that error. */
  async #fillUpTo(workers: number): Promise<void> {
    const from = this.#places.size
    const host = this.#placeHost()
    for (let id = from + 1; id <= workers; id += 1) this.#places.set(id, new Place(id, host))
    try {
      await Promise.all([...this.#places.values()].slice(from).map((place) => place.startFirst()))
    } catch (error) {
      for (let id = workers; id > from; id -= 1) this.#giveUpPlace(id)
      throw error
    }
  }

  #giveUpPlace(id: number): void {
    const place = this.#places.get(id)
    if (!place) return
    this.#places.delete(id)
    this.#closing.add(place)
    void place.close('graceful').then(() => this.#closing.delete(place))
  }

  #placeHost(): PlaceHost<Worker> {
    const { host, place, diedBeforeAnnouncement } = this.#options
    return {
      emit: host.emit,
      log: host.log,
      get gracefulMs() {
        return place.gracefulMs
      },
      start: (where) => place.start(where),
      verify: (worker) => place.verify(worker),
      onChange: () => place.onChange(),
      onEnd: (worker) => place.onEnd(worker),
      mayReplace: (worker, end) => {
        if (!this.#isAnnounced)
          this.#diedEarly.resolve(
            worker.failure ??
              worker.listenerFailure ??
              (end === 'app' ? closedBeforeAnnouncement(worker.id) : diedBeforeAnnouncement(worker, end)),
          )
        return this.#isAnnounced
      },
    }
  }
}
