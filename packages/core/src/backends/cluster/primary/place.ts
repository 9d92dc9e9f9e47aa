import type { StopSignal } from '../../../app/app-signals.ts'
import { messageOf } from '../../../errors/thrown.ts'
import { workersAreFixed } from '../../../lifecycle/workers-are-fixed.ts'
import type { Logger } from '../../../log/logger.ts'
import type { BackendHost, FailingPlace, ReplacementCause, StopUrgency } from '../../server-backend.ts'
import { decideRestart, steadyMs } from '../policy/restart-policy.ts'
import { retireWorker } from './retire-worker.ts'
import type { WorkerEnd } from './worker-boot-faults.ts'
import type { WorkerHandle } from './worker-handle.ts'

/**
 * How long a worker that was sent SIGTERM serves on as if nothing had come. A supervisor that stops a server may signal each of its
 * processes, or their group (`stopasgroup` of Supervisor, `timeout`, `KillMode=control-group` of systemd): then the stop of the
 * launcher comes within this time, and that alone says how the workers end.
 */
const groupSignalMs = 250

/** What a place needs of the pool that it belongs to. */
export interface PlaceHost extends Pick<BackendHost, 'emit'> {
  readonly log: Logger
  readonly gracefulMs: number
  /** Starts a process for this place. */
  start(place: { readonly id: number; readonly restarts: number }): WorkerHandle
  /** Looks at a worker from outside before it takes connections. */
  verify(worker: WorkerHandle): Promise<void>
  /** A worker may have connections from now on, or begins to leave. Resolves when they reach every one that may. */
  onChange(): Promise<void>
  /** A process is gone. */
  onEnd(worker: WorkerHandle): void
  /** Whether the death of a worker is the business of this place. Before the launch is announced, it fails the launch. */
  mayReplace(worker: WorkerHandle, end: WorkerEnd): boolean
}

/**
 * One place among the workers. Usually one process is in it; while it is replaced there are more: the one that comes, and those
 * that leave. A worker that dies in it is replaced.
 */
export class Place {
  readonly id: number
  readonly #host: PlaceHost
  readonly #workers = new Set<WorkerHandle>()
  #current: WorkerHandle | null = null
  #next: WorkerHandle | null = null
  #restarts = 0
  #earlyDeaths = 0
  #lastFailure = ''
  #isDegraded = false
  #wasEverReady = false
  #isClosed = false
  #refillTimer: NodeJS.Timeout | undefined
  #steadyTimer: NodeJS.Timeout | undefined

  constructor(id: number, host: PlaceHost) {
    this.id = id
    this.#host = host
  }

  get current(): WorkerHandle | null {
    return this.#current
  }

  /** All processes of this place, those that leave among them. */
  handles(): readonly WorkerHandle[] {
    return [...this.#workers]
  }

  failing(): FailingPlace | null {
    if (!this.#isDegraded) return null
    return { worker: this.id, failures: this.#earlyDeaths, reason: this.#lastFailure }
  }

  /** Starts the worker of an empty place. Until one was ready, it is not replaced after a failure. Rejects with that failure. */
  async fill(): Promise<void> {
    const worker = this.#start()
    this.#current = worker
    await worker.ready.then(
      () => this.#admit(worker),
      (error: unknown) => {
        this.#lastFailure = messageOf(error)
        if (!this.#wasEverReady) throw error
        if (!this.#isClosed)
          this.#host.log.error(`worker ${this.id} failed to start`, { reason: this.#lastFailure })
      },
    )
  }

  /** Starts a worker beside the one that serves. Resolves when it could take over; rejects with why it can't, and then it is gone. */
  async prepareNext(): Promise<void> {
    if (this.#isClosed) throw workersAreFixed('draining')
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

  /** Puts the prepared worker in, and lets the old one drain. False when it has died since. */
  async takeNext(cause: ReplacementCause): Promise<boolean> {
    const worker = this.#next
    const old = this.#current
    if (!worker || this.#isClosed) return false
    this.#next = null
    this.#current = worker
    this.#restarts += 1
    await this.#admit(worker)
    if (old) void this.#retire(old, 'graceful')
    const before = old?.pid ?? null
    this.#host.emit({ type: 'worker:replaced', worker: this.id, pid: worker.pid, before, cause })
    return true
  }

  abandonNext(): void {
    const worker = this.#next
    this.#next = null
    worker?.kill()
    // The one that was to be replaced may have died meanwhile.
    if (!this.#current && !this.#isClosed && this.#wasEverReady && !this.#refillTimer) this.#refillAfter(0)
  }

  /** Lets the worker that serves drain although no other is ready yet. */
  vacate(): void {
    const worker = this.#current
    this.#current = null
    if (worker) void this.#retire(worker, 'graceful')
  }

  /** Ends all that is in here, without a replacement. Settles when no process is left. A more urgent call takes effect during an earlier one. */
  async close(urgency: StopUrgency, signal: StopSignal = 'SIGTERM'): Promise<void> {
    this.#isClosed = true
    clearTimeout(this.#refillTimer)
    clearTimeout(this.#steadyTimer)
    await Promise.all(this.handles().map((worker) => this.#retire(worker, urgency, signal)))
  }

  #start(): WorkerHandle {
    const worker = this.#host.start({ id: this.id, restarts: this.#restarts })
    this.#workers.add(worker)
    void worker.ended.then(({ code, signal }) => {
      this.#workers.delete(worker)
      const expected = this.#isClosed || worker.leaving
      this.#host.emit({
        type: 'worker:exited',
        worker: this.id,
        pid: worker.pid,
        code,
        signal,
        expected,
      })
      this.#host.onEnd(worker)
      // The code that prepares it sees that by its own promise.
      if (worker === this.#next) this.#next = null
      if (worker !== this.#current) return
      this.#current = null
      clearTimeout(this.#steadyTimer)
      if (this.#isClosed || !this.#wasEverReady) return
      // The failure of a first boot rejects `fill()`, and a worker that is being prepared takes over.
      if (this.#host.mayReplace(worker, { code, signal }) && !this.#next) this.#refill(worker)
    })
    void worker.asked.then(() => setTimeout(() => this.#letGo(worker), groupSignalMs).unref())
    return worker
  }

  #admit(worker: WorkerHandle): Promise<void> {
    this.#wasEverReady = true
    worker.admit()
    this.#host.emit({ type: 'worker:ready', worker: this.id, pid: worker.pid, app: worker.app })
    clearTimeout(this.#steadyTimer)
    this.#steadyTimer = setTimeout(() => {
      this.#earlyDeaths = 0
      if (!this.#isDegraded) return
      this.#isDegraded = false
      this.#host.emit({ type: 'worker:recovered', worker: this.id })
    }, steadyMs).unref()
    return this.#host.onChange()
  }

  /** A process outside asked that worker to end, and may not wait for its successor. */
  #letGo(worker: WorkerHandle): void {
    if (this.#isClosed || worker.leaving) return
    if (worker !== this.#current) return void this.#retire(worker, 'graceful')
    this.vacate()
    if (!this.#next) this.#refillAfter(0)
  }

  #retire(worker: WorkerHandle, urgency: StopUrgency, signal: StopSignal = 'SIGTERM'): Promise<void> {
    worker.leaving = true
    const { gracefulMs, log } = this.#host
    const gone = retireWorker(worker, { urgency, signal, gracefulMs, log })
    void this.#host.onChange()
    return gone
  }

  #refill(dead: Pick<WorkerHandle, 'wasReady' | 'aliveMs' | 'failure'>): void {
    const decision = decideRestart({
      wasReady: dead.wasReady,
      aliveMs: dead.aliveMs,
      earlyDeaths: this.#earlyDeaths,
      random: Math.random(),
    })
    this.#earlyDeaths = decision.earlyDeaths
    if (dead.wasReady) this.#lastFailure = dead.failure?.message ?? 'it died soon after it had become ready'
    if (decision.isDegraded && !this.#isDegraded) {
      this.#isDegraded = true
      const { failures = 0, reason = '' } = this.failing() ?? {}
      this.#host.emit({ type: 'worker:failing', worker: this.id, failures, reason })
    }
    this.#refillAfter(decision.delayMs)
  }

  #refillAfter(delayMs: number): void {
    this.#host.emit({ type: 'worker:restarting', worker: this.id, delayMs })
    this.#refillTimer = setTimeout(() => {
      this.#refillTimer = undefined
      this.#restarts += 1
      // A reload may have begun to fill it meanwhile.
      if (!this.#current && !this.#next)
        this.fill().catch((error: unknown) => {
          // Not even a process could be started.
          if (this.#isClosed) return
          this.#lastFailure = messageOf(error)
          this.#host.log.error(`worker ${this.id} failed to start`, { reason: this.#lastFailure })
          this.#refill({ wasReady: false, aliveMs: 0, failure: null })
        })
    }, delayMs)
  }
}
