import { setTimeout as pause } from 'node:timers/promises'
import { stripVTControlCharacters } from 'node:util'
import {
  asLaunchError,
  findPrivatePlace,
  type HeldPlace,
  killProgram,
  type LaunchError,
  type LaunchPlan,
  type Logger,
  membersOf,
  type PlacedWorker,
  type PrivatePlace,
  type ProgramGuard,
  type ProgramLine,
  proveListening,
  type StartedProgram,
  type StopUrgency,
  startProgram,
  stopProgram,
  type Upstream,
  type UpstreamPool,
  type WorkerEnd,
  type WorkerOutputListener,
  type WorkerStatus,
} from '@lockstep/core/internal'
import { type Awaited, awaitReady } from './await-ready.ts'
import { checkPlace } from './check-place.ts'
import { endedEarly, listensElsewhere, notReady } from './program-faults.ts'
import type { ProgramSpec } from './program-spec.ts'
import { targetOf } from './show-place.ts'

export interface HandleOptions {
  readonly id: number
  readonly restarts: number
  readonly plan: LaunchPlan
  readonly spec: ProgramSpec
  readonly pool: UpstreamPool
  readonly guard: ProgramGuard
  readonly log: Logger
  readonly onOutput: WorkerOutputListener | undefined
  /** It has served for this long, and should be replaced; `null`: never. */
  readonly lifetimeMs: number | null
  readonly onOld: () => void
}

/** It would push the reason out of the lines that are kept. */
const isStackFrame = /^\s+at\s/
/** Of a program's output, for an error. */
const [mostLines, mostOfLine] = [12, 500] as const

/** A program that listens at another place for this long gets a warning, unless half of its boot timeout is less. */
const elsewhereMs = 3_000

/** One instance of a program, from its start to the end of all its processes. */
export class ProgramHandle implements PlacedWorker {
  readonly id: number
  readonly app: string
  readonly startedAt = new Date()
  readonly ready: Promise<void>
  readonly ended: Promise<WorkerEnd>
  /** A signal to the program from outside is its own affair: it then ends, and is replaced. */
  readonly asked = new Promise<never>(() => undefined)
  readonly listenerFailure = null

  #state: WorkerStatus['state'] = 'booting'
  #wasReady = false
  #isLeaving = false
  #failure: LaunchError | null = null
  #program: StartedProgram | null = null
  #held: HeldPlace | null = null
  #upstream: Upstream | null = null
  /** What it has written before it was ready: the reason, if it fails. */
  readonly #lastLines: string[] = []
  #isKilled = false
  #killed: Promise<void> = Promise.resolve()
  /** The graceful stop, while it goes on. */
  #stopped: Promise<unknown> = Promise.resolve()
  #lifetime: NodeJS.Timeout | undefined
  readonly #options: HandleOptions
  readonly #startedMs = performance.now()
  readonly #ready = Promise.withResolvers<void>()
  readonly #ended = Promise.withResolvers<WorkerEnd>()
  readonly #saidReady = Promise.withResolvers<void>()
  readonly #hurried = Promise.withResolvers<void>()
  /** Resolves when all that can be killed was killed. */
  readonly #killedOff = Promise.withResolvers<WorkerEnd>()
  /** Ends the wait until it is ready. */
  readonly #boot = new AbortController()

  constructor(options: HandleOptions) {
    this.#options = options
    this.id = options.id
    this.app = options.spec.title
    this.ready = this.#ready.promise
    this.ended = this.#ended.promise
    // Only a boot waits for `ready`.
    this.ready.catch(() => undefined)
    void this.#run()
  }

  get pid(): number {
    return this.#program?.pid ?? 0
  }

  get wasReady(): boolean {
    return this.#wasReady
  }

  get isLeaving(): boolean {
    return this.#isLeaving
  }

  get failure(): LaunchError | null {
    return this.#failure
  }

  get aliveMs(): number {
    return performance.now() - this.#startedMs
  }

  status(): WorkerStatus {
    const { id, pid, startedAt } = this
    const served = this.#upstream?.counts()
    return {
      id,
      pid,
      state: this.#state,
      startedAt,
      restarts: this.#options.restarts,
      ...(served && { served }),
    }
  }

  /** It receives requests from now on. */
  admit(): boolean {
    const canServe = this.#state === 'booting' && !this.#isKilled && this.#program?.hasExited === false
    if (!canServe || !this.#held) return false
    const { pool, lifetimeMs, onOld } = this.#options
    this.#state = 'ready'
    this.#upstream = pool.add(targetOf(this.#held.place), { worker: this.id })
    if (lifetimeMs !== null) this.#lifetime = setTimeout(onOld, lifetimeMs).unref()
    return true
  }

  stop({ urgency, gracefulMs }: { urgency: StopUrgency; gracefulMs: number }): void {
    this.#isLeaving = true
    // One that is not ready owes no client an answer.
    if (urgency === 'kill' || this.#state === 'booting') {
      this.kill()
      return
    }
    if (urgency === 'hurry') this.#hurried.resolve()
    if (this.#state === 'draining') return
    this.#state = 'draining'
    clearTimeout(this.#lifetime)
    this.#stopped = this.#drain(gracefulMs)
  }

  /** Ends all its processes at once. */
  kill(): void {
    this.#isKilled = true
    this.#boot.abort(new Error('it was killed'))
    const program = this.#program
    if (!program) return
    this.#killed = killProgram(program)
    void this.#killed
      // Node reports its end a little later than the table of processes.
      .then(() => Promise.race([program.exited, pause(1_000, undefined, { ref: false })]))
      .then(() => this.#killedOff.resolve({ code: null, signal: null }))
  }

  async #run(): Promise<void> {
    const { spec, plan, guard } = this.#options
    let words: readonly string[]
    try {
      this.#held = await findPrivatePlace(spec.place)
      const { command, args, env, withheld } = spec.commandFor(this.#held.place)
      words = [command, ...args]
      this.#program = await startProgram({
        command,
        args,
        env,
        withheld: [...plan.secretVariables, ...withheld],
        cwd: spec.cwd,
        guard,
        onLine: (line) => this.#take(line),
      })
    } catch (error) {
      this.#fail(error)
      this.#finish({ code: null, signal: null })
      return
    }
    const program = this.#program
    if (this.#isKilled) this.kill()
    void this.#watchEnd(program)
    try {
      await this.#becomeReady(program, { place: this.#held.place, words })
      this.#wasReady = true
      this.#ready.resolve()
    } catch (error) {
      // How it ended says more than that it did not answer.
      if (program.hasExited) return
      this.#fail(error)
      this.kill()
    }
  }

  async #becomeReady(
    program: StartedProgram,
    { place, words }: { place: PrivatePlace; words: readonly string[] },
  ): Promise<void> {
    const { id, plan, spec, log } = this.#options
    const { title } = spec
    const { bootMs } = plan.timeouts
    const { readyPath, readyOutput } = plan.upstream
    const awaited: Awaited = { what: 'become ready' }
    const { signal } = this.#boot
    const late = setTimeout(() => this.#boot.abort(new Error('it took too long')), bootMs)
    const notice = setTimeout(
      () => void this.#warnOfOtherPlace(program, place),
      Math.min(elsewhereMs, bootMs / 2),
    )
    try {
      const saidReady = readyOutput === null ? null : this.#saidReady.promise
      const { acceptsBeforeReady = false } = spec
      await awaitReady({ place, readyPath, acceptsBeforeReady, saidReady, awaited, signal })
    } catch (error) {
      if (!signal.aborted || this.#isKilled || program.hasExited) throw error
      const proof = await proveListening(program, place)
      if (proof.is === 'elsewhere' && proof.places.length > 0)
        throw listensElsewhere({ title, place, places: proof.places })
      throw notReady({ title, bootMs, what: awaited.what, lastLines: this.#lastLines })
    } finally {
      clearTimeout(late)
      clearTimeout(notice)
    }
    if (plan.verify) await checkPlace({ id, title, program, words, place, log })
  }

  /** The first mistake of many users is a program that does not know its port. It may still come to listen there, so the launch goes on. */
  async #warnOfOtherPlace(program: StartedProgram, place: PrivatePlace): Promise<void> {
    const { id, plan, spec, log } = this.#options
    const proof = await proveListening(program, place).catch(() => null)
    if (proof?.is !== 'elsewhere' || proof.places.length === 0 || this.#boot.signal.aborted) return
    const { message, hint } = listensElsewhere({ title: spec.title, place, places: proof.places })
    log.warn(`${message} Waiting for it until the boot timeout.`, {
      worker: id,
      hint,
      bootTimeoutMs: plan.timeouts.bootMs,
    })
  }

  async #watchEnd(program: StartedProgram): Promise<void> {
    // A program that has become another user can't be ended by this one.
    const exit = await Promise.race([program.exited, this.#killedOff.promise])
    this.#boot.abort(new Error('it has ended'))
    clearTimeout(this.#lifetime)
    // No request may go there any more.
    if (this.#upstream) void this.#options.pool.retire(this.#upstream)
    const left = this.#isKilled ? [] : await membersOf(program)
    if (this.#state === 'draining') await Promise.race([this.#stopped, this.#killedOff.promise])
    else await killProgram(program)
    await this.#killed
    if (!this.#wasReady)
      this.#fail(program.failure ?? endedEarly({ title: this.app, exit, left, lastLines: this.#lastLines }))
    if (!program.hasExited)
      this.#options.log.error('a program runs on, because this user may not end it', {
        worker: this.id,
        workerPid: program.pid,
      })
    this.#options.guard.forget(program)
    this.#finish(exit)
  }

  #fail(error: unknown): void {
    this.#failure ??= asLaunchError(error)
    this.#ready.reject(this.#failure)
  }

  #finish(end: WorkerEnd): void {
    this.#held?.release()
    this.#ended.resolve(end)
  }

  /** It gets no further request. When those in flight have ended, it is asked to end. The place kills it when all that takes too long. */
  async #drain(gracefulMs: number): Promise<void> {
    const { pool, spec } = this.#options
    const late = Promise.withResolvers<void>()
    const timer = setTimeout(late.resolve, gracefulMs)
    const quiet = this.#upstream ? pool.retire(this.#upstream) : Promise.resolve()
    await Promise.race([quiet, this.#hurried.promise, late.promise])
    clearTimeout(timer)
    if (!this.#program) return
    await stopProgram(this.#program, { signal: spec.stopSignal, deadlineMs: Number.POSITIVE_INFINITY })
  }

  #take({ stream, text: written }: ProgramLine): void {
    // Colours would split the text that is looked for, and a log is not a terminal.
    const text = stripVTControlCharacters(written)
    if (!this.#wasReady && text.trim() !== '' && !isStackFrame.test(text)) {
      this.#lastLines.push(text.slice(0, mostOfLine))
      if (this.#lastLines.length > mostLines) this.#lastLines.shift()
    }
    const { plan, log, onOutput } = this.#options
    const { readyOutput } = plan.upstream
    if (readyOutput !== null && text.includes(readyOutput)) this.#saidReady.resolve()
    if (onOutput) onOutput({ worker: this.id, pid: this.pid, stream, data: Buffer.from(`${written}\n`) })
    else log.info(text, { worker: this.id, stream })
  }
}
