import type { ChildProcess } from 'node:child_process'
import type { Socket } from 'node:net'
import type { StopSignal } from '../../../app/app-signals.ts'
import type { AskedListen } from '../../../app/listen/asked-listen.ts'
import type { LaunchError } from '../../../errors/launch-error.ts'
import { deserialiseFaults } from '../../../errors/serialise-error.ts'
import type { LaunchPlan } from '../../../plan/launch-plan.ts'
import type { BoundAddress } from '../../../platform/net/address/bound-address.ts'
import { handleOfSocket } from '../../../platform/node/internals/handle-channel.ts'
import { forkWorker } from '../../../platform/process/fork-worker.ts'
import { killTree } from '../../../platform/process/kill-tree.ts'
import type { RefusalReport } from '../../../serve/tls/refusal-reports.ts'
import type { AskedToEnd, PlacedWorker, WorkerEnd } from '../../places/placed-worker.ts'
import type {
  ReplacementCause,
  StopUrgency,
  WorkerOutputListener,
  WorkerStack,
  WorkerStatus,
} from '../../server-backend.ts'
import type { OpenHeldPort } from '../balance/app-port-exchange.ts'
import type { WorkerLimits } from '../policy/recycle-policy.ts'
import type { SiblingSeat } from '../siblings/sibling.ts'
import { askForStack, type GuardLine } from '../wire/guard-line.ts'
import type { FromWorker, Redirection } from '../wire/messages.ts'
import type { WorkerSurroundings } from '../wire/worker-surroundings.ts'
import { HandOvers } from './hand-overs.ts'
import { RecycleWatch } from './recycle-watch.ts'
import {
  bootedTooLate,
  brokeChannel,
  cannotSendSockets,
  diedInBoot,
  notStarted,
} from './worker-boot-faults.ts'
import { WorkerChannel } from './worker-channel.ts'
import { WorkerCounts } from './worker-counts.ts'
import { WorkerExchanges } from './worker-exchanges.ts'

/** What the message of a worker that has given up booting may take to arrive on a busy machine. */
const bootMarginMs = 2_000

/** An app may block until the boot timeout, and its event loop until the hang timeout. This is for the answer itself. */
const answerMarginMs = 1_000

/** Looked for when it is needed: where a program was bundled as CommonJS, there is no place to start from. */
const entry = (): URL => new URL('./worker-start.js', import.meta.url)

/** A worker as the primary sees it: its process, its state, and the connections that are on their way to it. */
export class WorkerHandle implements PlacedWorker {
  readonly id: number
  readonly restarts: number
  readonly startedAt = new Date()
  /** Resolves when the worker could serve; rejects with the reason when it fails or dies before that. */
  readonly ready: Promise<void>
  readonly ended: Promise<WorkerEnd>
  /** Resolves when the process itself is asked to end. */
  readonly asked: Promise<AskedToEnd>
  readonly exchanges: WorkerExchanges

  #state: WorkerStatus['state'] = 'booting'
  #app = ''
  #wasReady = false
  #isLeaving = false
  /** `performance.now()` of the last sign of life. */
  #lastBeat = performance.now()
  #failure: LaunchError | null = null
  #listenerFailure: LaunchError | null = null
  readonly #startedMs = performance.now()
  readonly #child: ChildProcess
  readonly #channel: WorkerChannel
  /** `null`: the process could not be started. */
  readonly #guard: GuardLine | null
  readonly #plan: LaunchPlan
  readonly #limits: WorkerLimits
  readonly #judgeListen: (listen: AskedListen | null) => LaunchError | null
  readonly #onDue: (cause: ReplacementCause) => void
  readonly #onClientRefused: (refusal: RefusalReport) => void
  readonly #ready = Promise.withResolvers<void>()
  readonly #handOvers: HandOvers
  readonly #redirectionOf: (socket: Socket) => Redirection | null
  readonly #asked = Promise.withResolvers<AskedToEnd>()
  #recycleWatch: RecycleWatch | undefined
  #hasServedAll = false
  readonly #counts = new WorkerCounts()
  /** Settles when nothing is busy any more with killing it. */
  #killed: Promise<void> = Promise.resolve()

  constructor({
    id,
    restarts,
    plan,
    surroundings,
    seat,
    addresses,
    limits,
    judgeListen,
    openAppPort,
    onDue,
    onLost,
    onFault,
    onAppMessage,
    onOutput,
    onClientRefused,
    redirectionOf,
  }: {
    id: number
    restarts: number
    plan: LaunchPlan
    surroundings: WorkerSurroundings
    /** `null`: workers pass no requests on. */
    seat: SiblingSeat | null
    /** Where the server listens already; `null`: nothing is bound yet. */
    addresses: readonly BoundAddress[] | null
    limits: WorkerLimits
    /** Returns why it can't serve with what its app asked for by `listen()`; `null`: it can. */
    judgeListen: (listen: AskedListen | null) => LaunchError | null
    openAppPort: OpenHeldPort
    /** It has reached one of its limits, and should be replaced. */
    onDue: (cause: ReplacementCause) => void
    /** It could not take these connections. */
    onLost: (sockets: readonly Socket[]) => void
    /** It wrote what no worker of ours writes, and is killed. */
    onFault: (reason: string) => void
    /** Its app sent something by `process.send()`. */
    onAppMessage: (message: unknown) => void
    /** Gets what it writes; unset, that goes to the streams of this process. */
    onOutput: WorkerOutputListener | undefined
    /** It refused a client for its certificate. */
    onClientRefused: (refusal: RefusalReport) => void
    redirectionOf: (socket: Socket) => Redirection | null
  }) {
    this.id = id
    this.restarts = restarts
    this.#plan = plan
    this.#limits = limits
    this.#onDue = onDue
    this.#judgeListen = judgeListen
    this.#onClientRefused = onClientRefused
    this.#redirectionOf = redirectionOf
    // Key material reaches a worker by message, never by the environment.
    const { child, guard, control } = forkWorker(entry(), { id, withheld: plan.secretVariables, onOutput })
    this.#child = child
    this.#guard = guard
    this.#channel = new WorkerChannel({
      child,
      control,
      onMessage: (message) => this.#receive(message),
      onUnsent: (number) => void this.#missed(number),
      onAppMessage: (message) => onAppMessage(message),
      onFault: (reason) => {
        this.#failure ??= brokeChannel(id, reason)
        this.#ready.reject(this.#failure)
        onFault(reason)
        this.kill()
      },
    })
    this.exchanges = new WorkerExchanges(this.#channel, {
      awaitAnswer: (answered) => this.#awaitAnswer(answered),
      openAppPort,
    })
    this.#handOvers = new HandOvers(onLost)

    const ended = Promise.withResolvers<WorkerEnd>()
    this.ready = this.#ready.promise
    this.ended = ended.promise
    this.asked = this.#asked.promise
    // Only a boot waits for `ready`.
    this.ready.catch(() => undefined)

    child.on('error', (error) => {
      // A worker that can't hold a handle for a message any more is about to end, which 'exit' reports.
      if (child.pid !== undefined) return
      this.#ready.reject(notStarted(this.id, error))
      ended.resolve({ code: null, signal: null })
    })
    child.once('exit', (code, signal) => {
      this.#recycleWatch?.stop()
      void this.#channel.lastRead().then(async () => {
        this.#ready.reject(diedInBoot(this.id, { code, signal }))
        this.exchanges.end()
        await this.#killed
        ended.resolve({ code, signal })
      })
    })
    if (child.pid !== undefined && !this.#channel.canSendSockets) {
      this.#ready.reject(cannotSendSockets())
      this.kill()
    }
    const maxRequests = limits.requests
    this.#channel.send({ type: 'start', plan, worker: id, surroundings, maxRequests, seat, addresses })
    const late = setTimeout(() => {
      this.#ready.reject(bootedTooLate(this.id, plan.timeouts.bootMs))
      this.kill()
      // More than the worker allows itself, so that its own, better message comes first if its event loop is not blocked.
    }, plan.timeouts.bootMs + bootMarginMs)
    void this.ready.catch(() => undefined).finally(() => clearTimeout(late))
  }

  get state(): WorkerStatus['state'] {
    return this.#state
  }

  /** The app's kind, once it is ready. */
  get app(): string {
    return this.#app
  }

  get wasReady(): boolean {
    return this.#wasReady
  }

  /** It was asked to end: its end is not a crash. */
  get isLeaving(): boolean {
    return this.#isLeaving
  }

  /** What the worker says about its end: why it can't boot, or which exception ends it. */
  get failure(): LaunchError | null {
    return this.#failure
  }

  /** The first exception of a listener of the app for `listening` or for connections, or the first server that was refused. The worker lives on. */
  get listenerFailure(): LaunchError | null {
    return this.#listenerFailure
  }

  /** How long there was no sign of life. */
  get silentMs(): number {
    return performance.now() - this.#lastBeat
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
      state: this.#state,
      startedAt: this.startedAt,
      restarts: this.restarts,
      served: this.#counts.without({ probes: this.exchanges.accepts.probes }),
    }
  }

  /** Hands a connection over. Our copy is kept until the worker says that it holds its own. */
  handOver(socket: Socket): void {
    const handle = handleOfSocket(socket)
    // The client has gone.
    if (!handle) return
    const message = { type: 'connection', redirection: this.#redirectionOf(socket) } as const
    this.#handOvers.add(this.#channel.sendWith(message, handle), socket)
  }

  /** Takes back the connections that the worker never acknowledged. */
  takeBack(): Socket[] {
    return this.#handOvers.takeBack()
  }

  /** All addresses are bound. */
  opened(addresses: readonly BoundAddress[]): void {
    this.#channel.send({ type: 'opened', addresses })
  }

  announceStop(): void {
    this.#channel.send({ type: 'announce-stop' })
  }

  /** Starts to measure its silence again: this process itself did not run, and could not have heard it. */
  forgiveSilence(): void {
    this.#lastBeat = performance.now()
  }

  /** Lets it have connections. Until then it is ready but receives no connections. */
  admit(): boolean {
    const hasExited = this.#child.exitCode !== null || this.#child.signalCode !== null
    if (this.#state !== 'booting' || hasExited) return false
    this.#state = 'ready'
    this.#recycleWatch = new RecycleWatch({
      recycling: this.#plan.recycling,
      limits: this.#limits,
      onDue: this.#onDue,
    })
    return true
  }

  /** Ends it: after its requests, with a second for the app, or at once. A more urgent call takes effect during an earlier one. */
  stop({
    urgency,
    signal,
    gracefulMs,
  }: {
    urgency: StopUrgency
    signal: StopSignal
    gracefulMs: number
  }): void {
    this.#isLeaving = true
    // A worker that has not finished its boot owes no client an answer.
    if (urgency === 'kill' || this.#state === 'booting') {
      this.kill()
      return
    }
    this.#drain(urgency === 'graceful' ? gracefulMs : 0, signal)
    if (urgency === 'hurry') this.#channel.send({ type: 'hurry' })
  }

  /** What it executes right now. Its guard answers even if its event loop is blocked. */
  async stack(): Promise<WorkerStack> {
    const frames = this.#guard && (await askForStack(this.#guard))
    return { worker: this.id, pid: this.pid, frames }
  }

  /** Rejects with a `LaunchError` when it can't. */
  async reopenLogs(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null)
      await this.exchanges.logs.reopen(this)
  }

  kill(): void {
    if (this.#child.exitCode === null && this.#child.signalCode === null && this.#child.pid !== undefined)
      this.#killed = killTree(this.#child.pid)
  }

  #drain(deadlineMs: number, signal: StopSignal): void {
    if (this.#state === 'draining') return
    this.#state = 'draining'
    this.#recycleWatch?.stop()
    this.#channel.send({ type: 'drain', deadlineMs, signal })
  }

  /** A worker that is alive but does not answer would block a launch or a reload forever. */
  #awaitAnswer(answered: Promise<unknown>): void {
    const { bootMs, hangMs } = this.#plan.timeouts
    const late = setTimeout(
      () => this.#channel.breakOff('it did not answer in time'),
      bootMs + hangMs + answerMarginMs,
    ).unref()
    const settle = (): void => clearTimeout(late)
    answered.then(settle, settle)
  }

  /** A process that breaks the order of messages is not a worker of ours. */
  #receive(message: FromWorker): void {
    this.#lastBeat = performance.now()
    if (!this.#take(message)) this.#channel.breakOff(`it sent a message out of turn (${message.type})`)
  }

  /** Returns false for a message that nothing has asked for, or that comes only once and has come. */
  #take(message: FromWorker): boolean {
    switch (message.type) {
      case 'beat':
        this.#counts.take(message.served)
        this.#recycleWatch?.sample(message.memory)
        return true
      case 'ready':
        if (this.#wasReady || this.#failure) return false
        this.#failure = this.#judgeListen(message.listen)
        if (this.#failure) {
          this.#ready.reject(this.#failure)
          this.kill()
          return true
        }
        this.#app = message.app
        this.#wasReady = true
        this.#ready.resolve()
        return true
      case 'client-refused': {
        const { type: _, ...refusal } = message
        if (!this.#counts.isProbe(refusal)) this.#onClientRefused(refusal)
        return true
      }
      case 'requests-served':
        if (this.#hasServedAll) return false
        this.#hasServedAll = true
        this.#recycleWatch?.tell('requests')
        return true
      case 'failed':
        if (this.#failure) return false
        this.#failure = deserialiseFaults(message.faults)
        this.#ready.reject(this.#failure)
        return true
      case 'listener-failed':
        if (this.#listenerFailure) return false
        this.#listenerFailure = deserialiseFaults(message.faults)
        return true
      case 'accepted':
        return this.#handOvers.accepted(message.number)
      case 'missed':
        return this.#missed(message.number)
      case 'leaving':
        this.#asked.resolve(message.by)
        return true
      default:
        return this.exchanges.receive(message)
    }
  }

  /** A message came without its socket. */
  #missed(number: number): boolean {
    return this.#handOvers.missed(number) || this.exchanges.missed(number)
  }
}
