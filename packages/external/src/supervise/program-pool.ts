import {
  type BackendHost,
  endOrphans,
  type LaunchError,
  type LaunchPlan,
  limitsOfWorker,
  openProgramGuard,
  Places,
  type ProcessesBehind,
  type ProgramGuard,
  type StopUrgency,
  type Supervisor,
  type UpstreamPool,
  type WorkerStatus,
} from '@lockstep/core/internal'
import type { RequestHold } from './hold-requests.ts'
import { endedEarly } from './program-faults.ts'
import { ProgramHandle } from './program-handle.ts'
import type { ProgramSpec } from './program-spec.ts'

interface PoolOptions {
  readonly plan: LaunchPlan
  readonly host: BackendHost
  readonly spec: ProgramSpec
  readonly pool: UpstreamPool
  readonly hold: RequestHold
}

/** The instances of a program, in their places, and the guard that ends them when this process is killed. */
export class ProgramPool implements ProcessesBehind {
  readonly supervisor: Supervisor
  readonly #options: PoolOptions
  readonly #places: Places<ProgramHandle>
  #guard: ProgramGuard | null = null
  #gracefulMs: number

  constructor(options: PoolOptions) {
    const { plan, host, spec, hold } = options
    this.#options = options
    this.#gracefulMs = plan.timeouts.gracefulMs
    const gracefulMs = (): number => this.#gracefulMs
    this.#places = new Places({
      host,
      replacement: plan.replacement,
      // Requests wait while instances are stopped before the next ones start.
      during: (change) => hold.during(change),
      diedBeforeAnnouncement: (_, exit) => endedEarly({ title: spec.title, exit, left: [] }),
      place: {
        get gracefulMs() {
          return gracefulMs()
        },
        start: (place) => this.#start(place),
        // It was looked at before it was ready. The server in front stays the same.
        verify: async () => undefined,
        onChange: async () => hold.release(),
        onEnd: () => undefined,
      },
    })
    const { supervisor } = this.#places
    this.supervisor = Object.assign(supervisor, {
      stacks: async () => this.workers().map(({ id, pid }) => ({ worker: id, pid, frames: null })),
    })
  }

  /** Settles when an instance that was ready ends by itself before the launch is announced. */
  get diedEarly(): Promise<LaunchError> {
    return this.#places.diedEarly
  }

  workers(): readonly WorkerStatus[] {
    return this.#places.workers().map((program) => program.status())
  }

  /** Starts all instances. When one fails, it rejects with the error of that one; the caller then stops them. */
  async boot(): Promise<void> {
    const { host, spec } = this.#options
    const orphans = await endOrphans()
    if (orphans.length > 0)
      host.log.warn('processes of a launcher that was killed were still running, and were ended', {
        pids: orphans,
      })
    this.#guard = openProgramGuard({
      onFailure: (error) =>
        host.log.warn('the guard could not be started: if this process is killed, the program lives on', {
          reason: error.message,
        }),
    })
    await this.#places.boot(spec.instances)
  }

  announced(): void {
    this.#places.announced()
  }

  beginStop(): void {
    this.#places.beginStop()
  }

  async stop({ urgency, gracefulMs = 0 }: { urgency: StopUrgency; gracefulMs?: number }): Promise<void> {
    this.#gracefulMs = gracefulMs
    await this.#places.stop(urgency)
    this.#guard?.close()
    this.#guard = null
  }

  #start({ id, restarts }: { id: number; restarts: number }): ProgramHandle {
    const { plan, host, spec, pool } = this.#options
    if (!this.#guard) throw new TypeError('the guard is open while programs start')
    const program: ProgramHandle = new ProgramHandle({
      id,
      restarts,
      plan,
      spec,
      pool,
      guard: this.#guard,
      log: host.log,
      onOutput: host.onWorkerOutput,
      lifetimeMs: limitsOfWorker(plan.recycling, Math.random()).lifetimeMs,
      onOld: () => this.#places.recycle(program, 'lifetime'),
    })
    return program
  }
}
