import type { ChildProcess, SendHandle } from 'node:child_process'
import type { Socket } from 'node:net'
import type { StopSignal } from '../../app/app-signals.ts'
import { deserialiseFaults } from '../../errors/serialise-error.ts'
import type { LaunchPlan } from '../../plan/launch-plan.ts'
import { afterLastMessage } from '../../platform/after-last-message.ts'
import { forkWorker } from '../../platform/fork-worker.ts'
import { killTree } from '../../platform/kill-tree.ts'
import type { ServedCounts } from '../../serve/served-counts.ts'
import type { ReplacementCause, WorkerStack, WorkerStatus } from '../server-backend.ts'
import { ListenExchange } from './balance/listen-exchange.ts'
import { askForStack, type GuardLine } from './guard-line.ts'
import { HandOvers } from './hand-overs.ts'
import type { FromWorker, Redirection, ToWorker } from './messages.ts'
import type { WorkerLimits } from './recycle-policy.ts'
import { RecycleWatch } from './recycle-watch.ts'
import { ReloadExchange } from './reload-exchange.ts'
import { bootedTooLate, diedInBoot, notStarted, type WorkerEnd } from './worker-boot-faults.ts'

/** What the message of a worker that has given up booting may take to arrive on a busy machine. */
const bootMarginMs = 2_000

const entry = new URL('./worker-entry.js', import.meta.url)

/** A worker as the primary sees it: its process, its state, and the connections that are on their way to it. */
export class WorkerHandle {
  readonly id: number
  readonly restarts: number
  readonly startedAt = new Date()
  /** Resolves when the worker could serve; rejects with the reason when it fails or dies before that. */
  readonly ready: Promise<void>
  readonly ended: Promise<WorkerEnd>
  /** Resolves when somebody asks the process itself to end. */
  readonly asked: Promise<void>
  state: WorkerStatus['state'] = 'booting'
  /** The app's kind, once it is ready. */
  app = ''
  wasReady = false
  /** It was told to end: its end is no death. */
  leaving = false
  /** `performance.now()` of the last sign of life. */
  lastBeat = performance.now()
  readonly reloads = new ReloadExchange((message) => this.#send(message))
  readonly listening = new ListenExchange((message, handle) => this.#send(message, handle))

  readonly #startedMs = performance.now()
  readonly #child: ChildProcess
  /** `null`: the process could not be started. */
  readonly #guard: GuardLine | null
  readonly #plan: LaunchPlan
  readonly #limits: WorkerLimits
  readonly #onDue: (cause: ReplacementCause) => void
  readonly #handOvers: HandOvers
  readonly #redirectionOf: (socket: Socket) => Redirection | null
  readonly #asked = Promise.withResolvers<void>()
  #recycleWatch: RecycleWatch | undefined
  #served: ServedCounts = { connections: 0, requests: 0 }
  /** Settles when nothing is busy any more with killing it. */
  #killed: Promise<void> = Promise.resolve()

  constructor({
    id,
    restarts,
    plan,
    limits,
    onDue,
    onLost,
    redirectionOf,
  }: {
    id: number
    restarts: number
    plan: LaunchPlan
    limits: WorkerLimits
    /** It has reached one of its limits, and should be replaced. */
    onDue: (cause: ReplacementCause) => void
    /** It could not take these connections. */
    onLost: (sockets: readonly Socket[]) => void
    redirectionOf: (socket: Socket) => Redirection | null
  }) {
    this.id = id
    this.restarts = restarts
    this.#plan = plan
    this.#limits = limits
    this.#onDue = onDue
    this.#redirectionOf = redirectionOf
    const { child, guard } = forkWorker(entry, { id })
    this.#child = child
    this.#guard = guard
    this.#handOvers = new HandOvers({ ask: (upTo) => this.#send({ type: 'arrived?', upTo }), onLost })

    const ready = Promise.withResolvers<void>()
    const ended = Promise.withResolvers<WorkerEnd>()
    this.ready = ready.promise
    this.ended = ended.promise
    this.asked = this.#asked.promise
    // Whoever waits for `ready` sees the rejection; nobody does after the boot.
    this.ready.catch(() => undefined)

    child.on('error', (error) => {
      // A worker that can't hold a handle for a message any more is about to end, which is told by 'exit'.
      if (child.pid !== undefined) return
      ready.reject(notStarted(this.id, error))
      ended.resolve({ code: null, signal: null })
    })
    child.on('message', (message) => this.#receive(message as FromWorker, ready))
    child.once('exit', (code, signal) => {
      this.#recycleWatch?.stop()
      afterLastMessage(child, () => {
        ready.reject(diedInBoot(this.id, { code, signal }))
        this.reloads.end()
        this.listening.end()
        void this.#killed.then(() => ended.resolve({ code, signal }))
      })
    })
    this.#send({ type: 'start', plan, worker: id, maxRequests: limits.requests })
    const late = setTimeout(() => {
      ready.reject(bootedTooLate(this.id, plan.timeouts.bootMs))
      this.kill()
      // More than the worker allows itself, so that its own, better message comes first when its event loop turns.
    }, plan.timeouts.bootMs + bootMarginMs)
    void this.ready.catch(() => undefined).finally(() => clearTimeout(late))
  }

  get pid(): number {
    return this.#child.pid ?? 0
  }

  get pendingCount(): number {
    return this.#handOvers.count
  }

  /** On a steady clock. */
  get aliveMs(): number {
    return performance.now() - this.#startedMs
  }

  status(): WorkerStatus {
    return {
      id: this.id,
      pid: this.pid,
      state: this.state,
      startedAt: this.startedAt,
      restarts: this.restarts,
      served: this.#served,
    }
  }

  /** Hands a connection over. Our copy is kept until the worker says that it holds its own. */
  handOver(socket: Socket): void {
    const id = this.#handOvers.add(socket)
    this.#send({ type: 'connection', id, redirection: this.#redirectionOf(socket) }, socket)
  }

  /** Takes back the connections that the worker never acknowledged. */
  takeBack(): Socket[] {
    return this.#handOvers.takeBack()
  }

  announceStop(): void {
    this.#send({ type: 'announce-stop' })
  }

  /** Lets it have connections. Until then it is ready, but nobody's. */
  admit(): void {
    if (this.state !== 'booting') return
    this.state = 'ready'
    this.#recycleWatch = new RecycleWatch({
      recycling: this.#plan.recycling,
      limits: this.#limits,
      onDue: this.#onDue,
    })
  }

  drain(deadlineMs: number, signal: StopSignal): void {
    if (this.state === 'draining') return
    this.state = 'draining'
    this.#recycleWatch?.stop()
    this.#send({ type: 'drain', deadlineMs, signal })
  }

  /** Has it cut what is still open; also during a drain. */
  hurry(signal: StopSignal): void {
    this.drain(0, signal)
    this.#send({ type: 'hurry' })
  }

  /** What it executes right now. Its guard answers even when its event loop does not turn. */
  async stack(): Promise<WorkerStack> {
    const frames = this.#guard && (await askForStack(this.#guard))
    return { worker: this.id, pid: this.pid, frames }
  }

  kill(): void {
    if (this.#child.exitCode === null && this.#child.signalCode === null && this.#child.pid !== undefined)
      this.#killed = killTree(this.#child.pid)
  }

  /** Node sends bare handles too, as node:cluster has it do. */
  #send(message: ToWorker, handle?: object): void {
    if (!this.#child.connected) return
    this.#child.send(message, handle as SendHandle, { keepOpen: true }, () => undefined)
  }

  #receive(message: FromWorker, ready: PromiseWithResolvers<void>): void {
    this.lastBeat = performance.now()
    switch (message.type) {
      case 'beat':
        this.#served = message.served
        this.#recycleWatch?.sample(message.memory)
        return
      case 'ready':
        this.app = message.app
        this.wasReady = true
        ready.resolve()
        return
      case 'requests-served':
        this.#recycleWatch?.tell('requests')
        return
      case 'failed':
        ready.reject(deserialiseFaults(message.faults))
        return
      case 'accepted':
        this.#handOvers.accepted(message.id)
        return
      case 'arrived':
        this.#handOvers.answered(message.upTo)
        return
      case 'tls-prepared':
      case 'tls-committed':
      case 'tls-failed':
        this.reloads.receive(message)
        return
      case 'listening':
      case 'listen-failed':
        this.listening.receive(message)
        return
      case 'leaving':
        this.#asked.resolve()
        return
    }
  }
}
