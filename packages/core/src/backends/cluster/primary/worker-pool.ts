import type { Socket } from 'node:net'
import type { StopSignal } from '../../../app/app-signals.ts'
import type { ListenOfApp } from '../../../app/listen/address-of-app.ts'
import { asLaunchError } from '../../../errors/as-launch-error.ts'
import { type LaunchError, throwFaults } from '../../../errors/launch-error.ts'
import type { LaunchPlan } from '../../../plan/launch-plan.ts'
import type { BoundAddress } from '../../../platform/net/address/bound-address.ts'
import type { PlannedTls } from '../../../tls/planned-tls.ts'
import { Places } from '../../places/places.ts'
import type { BackendHost, ReplacementCause, StopUrgency, Supervisor } from '../../server-backend.ts'
import type { OpenHeldPort } from '../balance/app-port-exchange.ts'
import { limitsOfWorker } from '../policy/recycle-policy.ts'
import type { Redirection } from '../wire/messages.ts'
import { type WorkerSurroundings, workerSurroundings } from '../wire/worker-surroundings.ts'
import { applyTlsToWorkers } from './apply-tls-to-workers.ts'
import { watchForHangs } from './hang-watch.ts'
import { ListenOfWorkers } from './listen-of-workers.ts'
import { SiblingSeats } from './sibling-seats.ts'
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
  readonly openAppPort: OpenHeldPort
  /** `null`: a connection for the app. */
  readonly redirectionOf: (socket: Socket) => Redirection | null
}

/** The workers of a cluster, in their places: what they are started with, their TLS and their logs. */
export class WorkerPool {
  readonly #options: PoolOptions
  readonly #places: Places<WorkerHandle>
  readonly #hangWatch: { stop(): void }
  readonly supervisor: Supervisor
  readonly #surroundings: WorkerSurroundings
  /** What a worker is started with: the plan, with the TLS snapshot that holds now. */
  #plan: LaunchPlan
  /** `null`: workers pass no requests on. */
  #seats: SiblingSeats | null
  #tlsNumber = 0
  #isStopAnnounced = false
  #isStopping = false
  readonly #listen: ListenOfWorkers
  #addresses: readonly BoundAddress[] | null = null

  constructor(options: PoolOptions) {
    const { plan, host, onReturned } = options
    this.#options = options
    this.#plan = plan
    this.#surroundings = workerSurroundings(plan)
    this.#seats = plan.sticky === 'none' ? null : new SiblingSeats({ plan, log: host.log })
    this.#listen = new ListenOfWorkers(plan)
    this.#places = new Places({
      host,
      replacement: plan.replacement,
      diedBeforeAnnouncement: (worker, end) => diedBeforeAnnouncement(worker.id, end),
      place: {
        gracefulMs: plan.timeouts.gracefulMs,
        start: (place) => this.#start(place),
        verify: (worker) => verifyWorker(worker, { host, tls: this.#plan.tls }),
        onChange: () => this.#changed(),
        onEnd: (worker) => {
          onReturned(worker.takeBack())
          this.#seats?.free(worker)
          void this.#changed()
        },
      },
    })
    this.#hangWatch = watchForHangs({
      hangMs: plan.timeouts.hangMs,
      workers: () => this.handles(),
      onHang: (hang) => host.emit(hang),
    })
    const stacks = (): ReturnType<Supervisor['stacks']> =>
      Promise.all(this.handles().map((worker) => worker.stack()))
    // With its getter, which a spread would read at once.
    this.supervisor = Object.assign(this.#places.supervisor, { stacks })
  }

  /** Settles when a worker that was ready ends by itself before the launch is announced. */
  get diedEarly(): Promise<LaunchError> {
    return this.#places.diedEarly
  }

  /** From now on a worker that dies is replaced. */
  announced(): void {
    this.#places.announced()
  }

  /** The first exception of a listener of the app for `listening` or for connections. */
  listenerFailure(): LaunchError | null {
    return this.handles().find((worker) => worker.listenerFailure)?.listenerFailure ?? null
  }

  handles(): readonly WorkerHandle[] {
    return this.#places.workers()
  }

  /** Starts all workers. When one fails, it rejects with that worker's own error; the caller then stops the pool. */
  boot(): Promise<void> {
    return this.#places.boot(this.#options.plan.workers)
  }

  /** The plan with the address of an app that listens by itself. To be called when all workers are ready. */
  plannedWithApp(): { readonly plan: LaunchPlan; readonly ofApp: ListenOfApp | null } {
    return this.#listen.planned()
  }

  /** All addresses are bound: says so to the workers, also to those that start later. */
  opened(addresses: readonly BoundAddress[]): void {
    this.#addresses = addresses
    for (const worker of this.handles()) worker.opened(addresses)
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
    this.#isStopping = true
    this.#places.beginStop()
  }

  /** Drains every worker and waits for its end; kills what does not end. Settles when no process is left. */
  async stop(urgency: StopUrgency, signal: StopSignal = 'SIGTERM'): Promise<void> {
    this.#hangWatch.stop()
    this.#isStopping = true
    await this.#places.stop(urgency, signal)
    this.#seats?.release()
    this.#seats = null
  }

  /** Workers know a new one before it gets connections, and sets cookies. During a stop they pass on what they can for as long as they can. */
  async #changed(): Promise<void> {
    if (this.#seats && !this.#isStopping) await this.#seats.publish(this.handles())
    await this.#options.onChange()
  }

  #start({ id, restarts }: { id: number; restarts: number }): WorkerHandle {
    const seat = this.#seats?.next(id) ?? null
    const worker: WorkerHandle = new WorkerHandle({
      id,
      restarts,
      plan: this.#plan,
      surroundings: this.#surroundings,
      seat,
      addresses: this.#addresses,
      judgeListen: (listen) => this.#listen.judge(id, listen),
      onOutput: this.#options.host.onWorkerOutput,
      limits: limitsOfWorker(this.#plan.recycling, Math.random()),
      redirectionOf: this.#options.redirectionOf,
      openAppPort: this.#options.openAppPort,
      onDue: (cause: ReplacementCause) => this.#places.recycle(worker, cause),
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
    if (seat) this.#seats?.assign(worker, seat)
    if (this.#isStopAnnounced) worker.announceStop()
    return worker
  }
}
