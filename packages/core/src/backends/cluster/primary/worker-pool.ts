import type { Socket } from 'node:net'
import type { StopSignal } from '../../../app/app-signals.ts'
import { stoppedInBoot } from '../../../app/load-app.ts'
import { asLaunchError } from '../../../errors/as-launch-error.ts'
import { type LaunchError, throwFaults } from '../../../errors/launch-error.ts'
import type { LaunchPlan } from '../../../plan/launch-plan.ts'
import type { PlannedTls } from '../../../tls/planned-tls.ts'
import type { BackendHost, ReplacementCause, StopUrgency, Supervisor } from '../../server-backend.ts'
import { limitsOfWorker } from '../policy/recycle-policy.ts'
import type { Redirection } from '../wire/messages.ts'
import { type WorkerSurroundings, workerSurroundings } from '../wire/worker-surroundings.ts'
import { applyTlsToWorkers } from './apply-tls-to-workers.ts'
import { watchForHangs } from './hang-watch.ts'
import { Place, type PlaceHost } from './place.ts'
import { Replacements } from './replacements.ts'
import { verifyWorker } from './verify-worker.ts'
import { diedBeforeAnnouncement } from './worker-boot-faults.ts'
import { WorkerHandle } from './worker-handle.ts'

interface PoolOptions {
  readonly plan: LaunchPlan
  readonly host: BackendHost
  /** A worker has become ready, begins to leave, or has ended. Resolves when connections reach every one that is ready. */
  readonly onChange: () => Promise<void>
  /** A worker died before it took these connections. */
  readonly onReturned: (sockets: readonly Socket[]) => void
  /** `null`: a connection for the app. */
  readonly redirectionOf: (socket: Socket) => Redirection | null
}

/** Keeps the set number of workers alive: one in each place, replaced when it dies. */
export class WorkerPool {
  readonly #options: PoolOptions
  readonly #places = new Map<number, Place>()
  /** Places that are not wanted any more, until their workers have ended. */
  readonly #closing = new Set<Place>()
  readonly #replacements: Replacements
  readonly #hangWatch: { stop(): void }
  readonly supervisor: Supervisor
  readonly #surroundings: WorkerSurroundings
  /** What a worker is started with: the plan, with the TLS snapshot that holds now. */
  #plan: LaunchPlan
  #tlsNumber = 0
  #stopping = false
  #isStopAnnounced = false
  #isAnnounced = false
  readonly #diedEarly = Promise.withResolvers<LaunchError>()

  constructor(options: PoolOptions) {
    const { plan, host } = options
    this.#options = options
    this.#plan = plan
    this.#surroundings = workerSurroundings(plan)
    this.#replacements = new Replacements({
      places: this.#places,
      replacement: plan.replacement,
      log: host.log,
      emit: host.emit,
      isStopping: () => this.#stopping,
    })
    this.#hangWatch = watchForHangs({
      hangMs: plan.timeouts.hangMs,
      workers: () => this.handles(),
      onHang: (hang) => host.emit(hang),
    })
    const wanted = (): number => this.#places.size
    this.supervisor = {
      replaceWorkers: () => this.#replacements.replaceWorkers(),
      restart: (worker) => this.#replacements.restart(worker),
      scale: (workers) => this.#replacements.inTurn(() => this.#scale(workers)),
      stacks: () => Promise.all(this.handles().map((worker) => worker.stack())),
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

  /** The first exception of a listener of the app for `listening` or for connections. */
  listenerFailure(): LaunchError | null {
    return this.handles().find((worker) => worker.listenerFailure)?.listenerFailure ?? null
  }

  handles(): readonly WorkerHandle[] {
    return [...this.#places.values(), ...this.#closing].flatMap((place) => place.handles())
  }

  /** Starts all workers. When one fails, it rejects with that worker's own error; the caller then stops the pool. */
  async boot(): Promise<void> {
    const { plan, host } = this.#options
    const givenUp = Promise.withResolvers<never>()
    const giveUp = (): void => givenUp.reject(stoppedInBoot())
    void this.diedEarly.then(givenUp.reject)
    givenUp.promise.catch(() => undefined)
    if (host.signal.aborted) giveUp()
    host.signal.addEventListener('abort', giveUp, { once: true })
    try {
      await Promise.race([this.#fillUpTo(plan.workers), givenUp.promise])
    } finally {
      host.signal.removeEventListener('abort', giveUp)
    }
  }

  /** Every worker puts a new TLS snapshot to use, or none does. Those that start later begin with it. */
  async applyTls(tls: PlannedTls): Promise<void> {
    const { tls: previous } = this.#plan
    if (!previous) throw new TypeError('a server that was planned without TLS cannot take it up')
    this.#tlsNumber += 2
    await applyTlsToWorkers({
      number: this.#tlsNumber,
      tls,
      previous,
      workers: () => this.handles(),
      adopt: (snapshot) => {
        this.#plan = { ...this.#plan, tls: snapshot }
      },
    })
  }

  /** Makes every worker reopen its logs. Rejects with the faults of all that could not. */
  async reopenLogs(): Promise<void> {
    const outcomes = await Promise.allSettled(this.handles().map((worker) => worker.reopenLogs()))
    throwFaults(
      outcomes.flatMap((outcome) =>
        outcome.status === 'rejected' ? asLaunchError(outcome.reason).faults : [],
      ),
    )
  }

  /** Makes every worker report that the server is no longer ready, also workers that start later. */
  announceStop(): void {
    this.#isStopAnnounced = true
    for (const worker of this.handles()) worker.announceStop()
  }

  /** Before the addresses stop accepting, which takes a while under `shared`. */
  beginStop(): void {
    for (const place of this.#places.values()) place.beginStop()
  }

  /** Drains every worker and waits for its end; kills what does not end. Settles when no process is left. */
  async stop(urgency: StopUrgency, signal: StopSignal = 'SIGTERM'): Promise<void> {
    this.#stopping = true
    this.#hangWatch.stop()
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

  #placeHost(): PlaceHost {
    const { host, onChange, onReturned } = this.#options
    return {
      emit: host.emit,
      log: host.log,
      gracefulMs: this.#plan.timeouts.gracefulMs,
      start: (place) => this.#start(place),
      verify: (worker) => verifyWorker(worker, { host, tls: this.#plan.tls }),
      onChange,
      mayReplace: (worker, end) => {
        if (!this.#isAnnounced)
          this.#diedEarly.resolve(worker.failure ?? diedBeforeAnnouncement(worker.id, end))
        return this.#isAnnounced
      },
      onEnd: (worker) => {
        onReturned(worker.takeBack())
        void onChange()
      },
    }
  }

  #start({ id, restarts }: { id: number; restarts: number }): WorkerHandle {
    const worker: WorkerHandle = new WorkerHandle({
      id,
      restarts,
      plan: this.#plan,
      surroundings: this.#surroundings,
      onOutput: this.#options.host.onWorkerOutput,
      limits: limitsOfWorker(this.#plan.recycling, Math.random()),
      redirectionOf: this.#options.redirectionOf,
      onDue: (cause: ReplacementCause) => this.#replacements.recycle(worker, cause),
      onFault: (reason) =>
        this.#options.host.log.error(`worker ${id} is killed: ${reason}`, { workerPid: worker.pid }),
      onClientRefused: (refusal) =>
        this.#options.host.emit({ type: 'client:refused', worker: id, pid: worker.pid, ...refusal }),
      onAppMessage: (message) =>
        this.#options.host.emit({ type: 'message:received', worker: id, pid: worker.pid, message }),
      onLost: (sockets) => {
        this.#options.host.log.warn(`worker ${id} could not take connections: others get them`, {
          workerPid: worker.pid,
          connections: sockets.length,
        })
        this.#options.onReturned(sockets)
      },
    })
    if (this.#isStopAnnounced) worker.announceStop()
    return worker
  }
}
