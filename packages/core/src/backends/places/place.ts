import type { StopSignal } from '../../app/app-signals.ts'
import { workersAreFixed } from '../../lifecycle/workers-are-fixed.ts'
import type { Logger } from '../../log/logger.ts'
import type { BackendHost, FailingPlace, ReplacementCause, StopUrgency } from '../server-backend.ts'
import { type DeadWorker, FailureRecord } from './failure-record.ts'
import type { AskedToEnd, PlacedWorker, WorkerEnd } from './placed-worker.ts'
import { steadyMs } from './restart-policy.ts'
import { retireWorker } from './retire-worker.ts'

/**
 * How long a worker that was sent SIGTERM serves on as if nothing had come. A supervisor that stops a server may signal each of its
 * processes, or their group (`stopasgroup` of Supervisor, `timeout`, `KillMode=control-group` of systemd): then the stop of the
 * launcher comes within this time, and that alone says how the workers end.
 */
const groupSignalMs = 250

/** What a place needs of the pool that it belongs to. */
export interface PlaceHost<Worker extends PlacedWorker = PlacedWorker> extends Pick<BackendHost, 'emit'> {
  readonly log: Logger
  /** How long a worker that leaves may take, as it is now. */
  readonly gracefulMs: number
  /** Starts a process for this place. */
  start(place: { readonly id: number; readonly restarts: number }): Worker
  /** Looks at a worker from outside before it takes connections. */
  verify(worker: Worker): Promise<void>
  /** A worker may have connections from now on, or begins to leave. Resolves when they reach every one that may. */
  onChange(): Promise<void>
  /** A process is gone. */
  onEnd(worker: Worker): void
  /** Whether the death of a worker, or the end that its app wants (`app`), is the business of this place. Before the launch is announced, it fails the launch. */
  mayReplace(worker: Worker, end: WorkerEnd | 'app'): boolean
}

/** What is in a place, besides a worker that is prepared and those that leave. */
type PlaceState<Worker> =
  /** No worker was ready yet: the first one has not been started, or it failed. */
  | { readonly is: 'new' }
  /** The first worker boots. When it fails, no other one is started. */
  | { readonly is: 'starting'; readonly worker: Worker }
  /** The worker may have connections. The timer ends when it has served long enough to forget earlier failures. */
  | { readonly is: 'serving'; readonly worker: Worker; readonly timer: NodeJS.Timeout }
  /** The worker has left or died, and the one that is prepared is to follow it. */
  | { readonly is: 'vacant' }
  /** The worker has died, and another one starts when the timer ends. */
  | { readonly is: 'waiting'; readonly timer: NodeJS.Timeout }
  /** A worker boots after another one has died. */
  | { readonly is: 'refilling'; readonly worker: Worker }
  /** Every worker leaves, and no other one is started. The last state. */
  | { readonly is: 'closed' }

/**
 * One place among the workers. Usually one process is in it. While it is replaced there are more: the one that is prepared, and those
 * that leave. A worker that dies is replaced, except the first one before it was ready.
 */
export class Place<Worker extends PlacedWorker = PlacedWorker> {
  readonly id: number
  readonly #host: PlaceHost<Worker>
  readonly #workers = new Set<Worker>()
  /** Killed before they served: the code that prepared them reports why. */
  readonly #abandoned = new WeakSet<Worker>()
  readonly #failures = new FailureRecord()
  #state: PlaceState<Worker> = { is: 'new' }
  #isStopping = false
  /** Prepared to take over. */
  #next: Worker | null = null
  #restarts = 0

  constructor(id: number, host: PlaceHost<Worker>) {
    this.id = id
    this.#host = host
  }

  /** The worker that boots or serves in this place. */
  get current(): Worker | null {
    return 'worker' in this.#state ? this.#state.worker : null
  }

  /** All processes of this place, those that leave among them. */
  workers(): readonly Worker[] {
    return [...this.#workers]
  }

  failing(): FailingPlace | null {
    const { degraded } = this.#failures
    return degraded && { worker: this.id, ...degraded }
  }

  /** Starts the first worker. Rejects when it fails, and then no other one is started. */
  async startFirst(): Promise<void> {
    const worker = this.#start()
    this.#enter({ is: 'starting', worker })
    await worker.ready
    await this.#serveIfCurrent(worker)
  }

  /** Starts a worker beside the one that serves. Resolves when it could take over. Rejects with why it can't, and then it is gone. */
  async prepareNext(): Promise<void> {
    if (this.#state.is === 'closed') throw workersAreFixed('draining')
    const worker = this.#start()
    this.#next = worker
    try {
      await worker.ready
      await this.#host.verify(worker)
      // Over TLS a connection that is closed behind the handshake fails no check.
      if (worker.listenerFailure) throw worker.listenerFailure
    } catch (error) {
      this.abandonNext()
      throw worker.listenerFailure ?? error
    }
  }

  /** Puts the prepared worker in, and lets the old one drain. Returns false when the prepared worker has died. */
  async takeNext(cause: ReplacementCause): Promise<boolean> {
    const worker = this.#next
    const old = this.current
    if (!worker || this.#state.is === 'closed') {
      this.#refillIfVacant()
      return false
    }
    this.#next = null
    // It has died since it was ready. The old one must not leave for it.
    if (!worker.admit()) {
      worker.kill()
      this.#refillIfVacant()
      return false
    }
    this.#restarts += 1
    await this.#serve(worker)
    if (old) void this.#retire(old, 'graceful')
    const before = old?.pid ?? null
    this.#host.emit({ type: 'worker:replaced', worker: this.id, pid: worker.pid, before, cause })
    return true
  }

  /** Ends the prepared worker. */
  abandonNext(): void {
    const worker = this.#next
    this.#next = null
    if (worker) {
      this.#abandoned.add(worker)
      worker.kill()
    }
    this.#refillIfVacant()
  }

  /** Lets the worker that serves drain although no other is ready yet. */
  vacate(): void {
    const worker = this.current
    if (!worker) return
    this.#enter({ is: 'vacant' })
    void this.#retire(worker, 'graceful')
  }

  /** Ends all that is in here, without a replacement. Settles when no process is left. A more urgent call takes effect during an earlier one. */
  async close(urgency: StopUrgency, signal: StopSignal = 'SIGTERM'): Promise<void> {
    this.#enter({ is: 'closed' })
    await Promise.all(this.workers().map((worker) => this.#retire(worker, urgency, signal)))
  }

  #enter(state: PlaceState<Worker>): void {
    const isClosed = this.#state.is === 'closed'
    const left = isClosed ? state : this.#state
    if ('timer' in left) clearTimeout(left.timer)
    if (!isClosed) this.#state = state
  }

  #start(): Worker {
    const worker = this.#host.start({ id: this.id, restarts: this.#restarts })
    this.#workers.add(worker)
    void worker.ended.then((end) => this.#onEnd(worker, end))
    void worker.asked.then((by) => {
      if (by === 'app') this.#letGo(worker, by)
      else setTimeout(() => this.#letGo(worker, by), groupSignalMs).unref()
    })
    return worker
  }

  #onEnd(worker: Worker, end: WorkerEnd): void {
    this.#workers.delete(worker)
    const expected = this.#state.is === 'closed' || worker.isLeaving || this.#abandoned.has(worker)
    // Where no process could be started, none has ended.
    if (worker.pid !== 0)
      this.#host.emit({ type: 'worker:exited', worker: this.id, pid: worker.pid, ...end, expected })
    this.#host.onEnd(worker)
    // The code that prepares it sees that by its own promise.
    if (worker === this.#next) this.#next = null
    if (worker !== this.current) return
    const wasStarting = this.#state.is === 'starting'
    this.#enter({ is: wasStarting ? 'new' : 'vacant' })
    if (wasStarting) return
    // A worker that is being prepared takes over.
    if (this.#host.mayReplace(worker, end) && !this.#next) this.#refillAfterDeath(worker)
  }

  /** Not when another worker has taken over meanwhile, or the place was closed. */
  async #serveIfCurrent(worker: Worker): Promise<void> {
    // One that can't serve any more ends, and that decides what follows.
    if (worker === this.current && worker.admit()) await this.#serve(worker)
  }

  /** The worker was admitted. */
  #serve(worker: Worker): Promise<void> {
    const timer = setTimeout(() => {
      if (this.#failures.clear()) this.#host.emit({ type: 'worker:recovered', worker: this.id })
    }, steadyMs).unref()
    this.#enter({ is: 'serving', worker, timer })
    this.#host.emit({ type: 'worker:ready', worker: this.id, pid: worker.pid, app: worker.app })
    return this.#host.onChange()
  }

  /** The server stops: a worker that was asked to end drains with the others, and no other one takes its place. */
  beginStop(): void {
    this.#isStopping = true
  }

  /** A process outside asked that worker to end, and may not wait for its successor; or its app has closed the server. */
  #letGo(worker: Worker, by: AskedToEnd): void {
    if (this.#state.is === 'closed' || this.#isStopping || worker.isLeaving) return
    if (by === 'app') {
      const { id, pid: workerPid } = worker
      this.#host.log.warn(`the app of worker ${id} has closed its server`, { workerPid })
      if (!this.#host.mayReplace(worker, by)) return
    }
    // The first one is not replaced before it was ready.
    if (worker !== this.current || this.#state.is === 'starting') return void this.#retire(worker, 'graceful')
    this.vacate()
    if (this.#next) return
    // An app that does it soon after each start would be started over and over.
    if (by === 'app')
      this.#refillAfterDeath(
        worker,
        `its app closed the server ${worker.wasReady ? 'soon after it had become ready' : 'before it was ready'}`,
      )
    else this.#refillIfVacant()
  }

  #retire(worker: Worker, urgency: StopUrgency, signal: StopSignal = 'SIGTERM'): Promise<void> {
    const { gracefulMs, log } = this.#host
    const gone = retireWorker(worker, { urgency, signal, gracefulMs, log })
    void this.#host.onChange()
    return gone
  }

  #refillIfVacant(): void {
    if (this.#state.is === 'vacant') this.#refillAfter(0)
  }

  #refillAfterDeath(dead: DeadWorker, how?: string): void {
    const { delayMs, becomesDegraded } = this.#failures.add(dead, how)
    const degraded = becomesDegraded ? this.failing() : null
    if (degraded) this.#host.emit({ type: 'worker:failing', ...degraded })
    this.#refillAfter(delayMs)
  }

  #refillAfter(delayMs: number): void {
    this.#host.emit({ type: 'worker:restarting', worker: this.id, delayMs })
    this.#enter({ is: 'waiting', timer: setTimeout(() => void this.#refill(), delayMs) })
  }

  /** Starts the successor of a dead worker. Never rejects: a failure leads to another try. */
  async #refill(): Promise<void> {
    // A worker that is being prepared takes over.
    if (this.#next) return this.#enter({ is: 'vacant' })
    this.#restarts += 1
    let worker: Worker
    try {
      worker = this.#start()
    } catch (error) {
      // Not even a process could be started.
      this.#reportFailedStart(error)
      return this.#refillAfterDeath({ wasReady: false, aliveMs: 0, failure: null })
    }
    this.#enter({ is: 'refilling', worker })
    try {
      await worker.ready
    } catch (error) {
      // Its end decides when the next one starts.
      if (worker === this.current) this.#reportFailedStart(error)
      return
    }
    await this.#serveIfCurrent(worker)
  }

  #reportFailedStart(error: unknown): void {
    const reason = this.#failures.noteReason(error)
    this.#host.log.error(`worker ${this.id} failed to start`, { reason })
  }
}
