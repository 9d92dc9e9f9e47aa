import type { ChildProcess } from 'node:child_process'
import type { Socket } from 'node:net'
import { LaunchError } from '../../errors/launch-error.ts'
import { deserialiseFaults } from '../../errors/serialise-error.ts'
import type { LaunchPlan } from '../../plan/launch-plan.ts'
import { forkWorker } from '../../platform/fork-worker.ts'
import { killTree } from '../../platform/kill-tree.ts'
import type { WorkerStatus } from '../server-backend.ts'
import type { FromWorker, Redirection, ToWorker } from './messages.ts'
import { ReloadExchange } from './reload-exchange.ts'

/** What the message of a worker that has given up booting may take to arrive on a busy machine. */
const bootMarginMs = 2_000
/** How long the channel of an ended process may stay open, should somebody else hold its other end. */
const channelMarginMs = 1_000

const entry = new URL('./worker-entry.js', import.meta.url)

export interface WorkerEnd {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** A worker as the primary sees it: its process, its state, and the connections that are on their way to it. */
export class WorkerHandle {
  readonly id: number
  readonly restarts: number
  readonly startedAt = new Date()
  /** Resolves with the app's kind; rejects with the reason when the worker fails or dies before that. */
  readonly ready: Promise<string>
  readonly ended: Promise<WorkerEnd>
  state: WorkerStatus['state'] = 'booting'
  /** Somebody told it to end: its end is no death. */
  leaving = false
  /** `performance.now()` of the last sign of life. */
  lastBeat = performance.now()
  readonly reloads = new ReloadExchange((message) => this.#send(message))

  readonly #child: ChildProcess
  readonly #pending = new Map<number, Socket>()
  readonly #onLeaving: () => void
  readonly #redirectionOf: (socket: Socket) => Redirection | null
  #nextConnection = 0

  constructor({
    id,
    restarts,
    plan,
    onLeaving,
    redirectionOf,
  }: {
    id: number
    restarts: number
    plan: LaunchPlan
    onLeaving: () => void
    redirectionOf: (socket: Socket) => Redirection | null
  }) {
    this.id = id
    this.restarts = restarts
    this.#onLeaving = onLeaving
    this.#redirectionOf = redirectionOf
    this.#child = forkWorker(entry, { id })

    const ready = Promise.withResolvers<string>()
    const ended = Promise.withResolvers<WorkerEnd>()
    this.ready = ready.promise
    this.ended = ended.promise
    // Whoever waits for `ready` sees the rejection; nobody does after the boot.
    this.ready.catch(() => undefined)

    // A worker that can't hold a handle for a message any more is about to end, which is told by 'exit'.
    this.#child.on('error', () => undefined)
    this.#child.on('message', (message) => this.#receive(message as FromWorker, ready))
    this.#child.once('exit', (code, signal) => {
      afterLastMessage(this.#child, () => {
        ready.reject(diedInBoot(this.id, { code, signal }))
        this.reloads.end()
        ended.resolve({ code, signal })
      })
    })
    this.#send({ type: 'start', plan, worker: id })
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
    return this.#pending.size
  }

  status(): WorkerStatus {
    return {
      id: this.id,
      pid: this.pid,
      state: this.state,
      startedAt: this.startedAt,
      restarts: this.restarts,
    }
  }

  /** Hands a connection over. Our copy is kept until the worker says that it holds its own. */
  handOver(socket: Socket): void {
    const id = this.#nextConnection++
    this.#pending.set(id, socket)
    this.#send({ type: 'connection', id, redirection: this.#redirectionOf(socket) }, socket)
  }

  /** Takes back the connections that the worker never acknowledged. */
  takeBack(): Socket[] {
    const sockets = [...this.#pending.values()]
    this.#pending.clear()
    return sockets
  }

  announceStop(): void {
    this.#send({ type: 'announce-stop' })
  }

  drain(deadlineMs: number): void {
    if (this.state === 'draining') return
    this.state = 'draining'
    this.#send({ type: 'drain', deadlineMs })
  }

  kill(): void {
    if (this.#child.exitCode === null && this.#child.signalCode === null && this.#child.pid !== undefined)
      killTree(this.#child.pid)
  }

  #send(message: ToWorker, socket?: Socket): void {
    if (!this.#child.connected) return
    this.#child.send(message, socket, { keepOpen: true }, () => undefined)
  }

  #receive(message: FromWorker, ready: PromiseWithResolvers<string>): void {
    this.lastBeat = performance.now()
    switch (message.type) {
      case 'beat':
        return
      case 'ready':
        if (this.state === 'booting') this.state = 'ready'
        ready.resolve(message.app)
        return
      case 'failed':
        ready.reject(deserialiseFaults(message.faults))
        return
      case 'accepted':
        this.#pending.get(message.id)?.destroy()
        this.#pending.delete(message.id)
        return
      case 'tls-prepared':
      case 'tls-committed':
      case 'tls-failed':
        this.reloads.receive(message)
        return
      case 'leaving':
        this.leaving = true
        this.#onLeaving()
        return
    }
  }
}

/** A process's exit may be told before the last message that it sent: why it failed. */
function afterLastMessage(child: ChildProcess, callback: () => void): void {
  if (!child.connected) {
    callback()
    return
  }
  const timer = setTimeout(callback, channelMarginMs)
  child.once('disconnect', () => {
    clearTimeout(timer)
    callback()
  })
}

function diedInBoot(id: number, { code, signal }: WorkerEnd): LaunchError {
  return new LaunchError({
    code: 'ERR_WORKER_BOOT',
    message: `Worker ${id} ended before it was ready (${signal === null ? `exit code ${code}` : signal}).`,
    hint: 'What it wrote before stands above. Something in the app ends the process while it loads.',
  })
}

function bootedTooLate(id: number, bootMs: number): LaunchError {
  return new LaunchError({
    code: 'ERR_BOOT_TIMEOUT',
    message: `Worker ${id} did not become ready within ${bootMs / 1_000} s, and its event loop does not turn.`,
    hint: 'Raise --boot-timeout, or look for what the app computes at its start.',
  })
}
