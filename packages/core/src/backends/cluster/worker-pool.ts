import type { Socket } from 'node:net'
import { stoppedInBoot } from '../../app/load-app.ts'
import type { LaunchPlan } from '../../plan/launch-plan.ts'
import type { PlannedTls } from '../../tls/planned-tls.ts'
import type { BackendHost } from '../server-backend.ts'
import { watchForHangs } from './hang-watch.ts'
import type { Redirection } from './messages.ts'
import { reloadWorkers } from './reload-workers.ts'
import { decideRestart } from './restart-policy.ts'
import { WorkerHandle } from './worker-handle.ts'

/** What a worker has to end by itself after its deadline, before it is killed. */
const killMarginMs = 1_000

interface PoolOptions {
  readonly plan: LaunchPlan
  readonly host: BackendHost
  /** A worker can take connections. */
  readonly onReady: () => void
  /** A worker died before it took this connection. */
  readonly onReturned: (socket: Socket) => void
  /** `null`: a connection for the app. */
  readonly redirectionOf: (socket: Socket) => Redirection | null
}

/** Keeps as many workers alive as the plan says: one in each place, replaced when it dies. */
export class WorkerPool {
  readonly #options: PoolOptions
  readonly #places: Map<number, WorkerHandle> = new Map()
  readonly #restartTimers = new Set<NodeJS.Timeout>()
  readonly #hangWatch: { stop(): void }
  /** What a worker is started with: the plan, with the TLS snapshot that holds now. */
  #plan: LaunchPlan
  #reloads = 0
  #stopping = false
  #isStopAnnounced = false

  constructor(options: PoolOptions) {
    this.#options = options
    this.#plan = options.plan
    this.#hangWatch = watchForHangs({
      hangMs: options.plan.timeouts.hangMs,
      workers: () => this.handles(),
      onHang: (worker, silentMs) => {
        options.host.emit({
          type: 'worker:hang',
          worker: worker.id,
          pid: worker.pid,
          silentMs: Math.round(silentMs),
        })
        worker.kill()
      },
    })
  }

  handles(): readonly WorkerHandle[] {
    return [...this.#places.values()]
  }

  /** Starts all workers. When one fails, it rejects with that worker's own error; the caller then stops the pool. */
  async boot(): Promise<void> {
    const { plan, host } = this.#options
    const givenUp = Promise.withResolvers<never>()
    const giveUp = (): void => givenUp.reject(stoppedInBoot())
    givenUp.promise.catch(() => undefined)
    if (host.signal.aborted) giveUp()
    host.signal.addEventListener('abort', giveUp, { once: true })
    const workers = Array.from({ length: plan.workers }, (_, index) =>
      this.#fill(index + 1, { restarts: 0, earlyDeaths: 0, booting: true }),
    )
    try {
      await Promise.race([Promise.all(workers.map((worker) => worker.ready)), givenUp.promise])
    } finally {
      host.signal.removeEventListener('abort', giveUp)
    }
  }

  /** Has every worker put a new TLS snapshot to use, or none; those that start later begin with it. */
  async reload(tls: PlannedTls): Promise<void> {
    const { tls: previous } = this.#plan
    if (!previous) throw new TypeError('a server that was planned without TLS can not take it up')
    this.#reloads += 2
    await reloadWorkers({
      number: this.#reloads,
      tls,
      previous,
      workers: () => this.handles(),
      adopt: (snapshot) => {
        this.#plan = { ...this.#plan, tls: snapshot }
      },
    })
  }

  /** Has every worker say that the server is not ready any more, those that start later too. */
  announceStop(): void {
    this.#isStopAnnounced = true
    for (const worker of this.handles()) worker.announceStop()
  }

  /** Drains every worker and waits for its end; kills what does not end. Settles when no process is left. */
  async stop({ force }: { force: boolean }): Promise<void> {
    this.#stopping = true
    for (const timer of this.#restartTimers) clearTimeout(timer)
    this.#restartTimers.clear()
    this.#hangWatch.stop()
    const { gracefulMs } = this.#options.plan.timeouts
    await Promise.all(
      this.handles().map(async (worker) => {
        // A worker that has not finished its boot owes nobody an answer.
        if (force || worker.state === 'booting') worker.kill()
        else worker.drain(gracefulMs)
        const deadline = setTimeout(() => {
          this.#options.host.log.warn(`worker ${worker.id} did not end in time and is killed`, {
            workerPid: worker.pid,
          })
          worker.kill()
        }, gracefulMs + killMarginMs)
        await worker.ended
        clearTimeout(deadline)
      }),
    )
  }

  #fill(
    id: number,
    { restarts, earlyDeaths, booting }: { restarts: number; earlyDeaths: number; booting: boolean },
  ): WorkerHandle {
    const { host } = this.#options
    const plan = this.#plan
    const worker = new WorkerHandle({
      id,
      restarts,
      plan,
      onLeaving: () => worker.drain(plan.timeouts.gracefulMs),
      redirectionOf: this.#options.redirectionOf,
    })
    this.#places.set(id, worker)
    if (this.#isStopAnnounced) worker.announceStop()
    let firstBoot = booting
    let wasReady = false
    worker.ready.then(
      (app) => {
        wasReady = true
        firstBoot = false
        host.emit({ type: 'worker:ready', worker: id, pid: worker.pid, app })
        this.#options.onReady()
      },
      (error: unknown) => {
        if (!firstBoot && !this.#stopping)
          host.log.error(`worker ${id} failed to start`, {
            reason: error instanceof Error ? error.message : String(error),
          })
      },
    )
    void worker.ended.then(({ code, signal }) => {
      this.#places.delete(id)
      host.emit({
        type: 'worker:exit',
        worker: id,
        pid: worker.pid,
        code,
        signal,
        expected: this.#stopping || worker.leaving,
      })
      for (const socket of worker.takeBack()) this.#options.onReturned(socket)
      // The failure of a first boot ends the whole launch (see `boot`).
      if (!this.#stopping && !firstBoot) this.#replace(worker, { wasReady, earlyDeaths })
    })
    return worker
  }

  #replace(
    worker: WorkerHandle,
    { wasReady, earlyDeaths }: { wasReady: boolean; earlyDeaths: number },
  ): void {
    const decision = decideRestart({
      wasReady,
      aliveMs: Date.now() - worker.startedAt.getTime(),
      earlyDeaths,
    })
    this.#options.host.emit({ type: 'worker:restart', worker: worker.id, delayMs: decision.delayMs })
    const timer = setTimeout(() => {
      this.#restartTimers.delete(timer)
      this.#fill(worker.id, {
        restarts: worker.restarts + 1,
        earlyDeaths: decision.earlyDeaths,
        booting: false,
      })
    }, decision.delayMs)
    this.#restartTimers.add(timer)
  }
}
