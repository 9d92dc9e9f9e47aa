import type { ChildProcess } from 'node:child_process'
import type { Socket } from 'node:net'
import { longestMessage } from '../../../app/message-limits.ts'
import { messageOf } from '../../../errors/thrown.ts'
import { type HandleChannel, takeOverChannel } from '../../../platform/node/internals/handle-channel.ts'
import { within } from '../../../platform/system/within.ts'
import { BoundedLines } from '../wire/bounded-lines.ts'
import { encodeFrame } from '../wire/frames.ts'
import type { FromWorker, ToWorker, WithSocket } from '../wire/messages.ts'
import { longestLine, parseFromWorker } from '../wire/parse-from-worker.ts'
import { readAppLine } from '../wire/read-app-line.ts'
import { ReadingBudget } from '../wire/reading-budget.ts'

interface WorkerChannelOptions {
  readonly child: ChildProcess
  readonly control: Socket | null
  readonly onMessage: (message: FromWorker) => void
  /** The system did not take the message with this number. */
  readonly onUnsent: (number: number) => void
  /** What the app sent by `process.send()`. */
  readonly onAppMessage: (message: unknown) => void
  /** The worker wrote what no worker of ours writes, or closed its end. Nothing of it is read after that. */
  readonly onFault: (reason: string) => void
}

/** A worker that closes its end and lives on is given this long: usually it is about to exit. */
const closedMarginMs = 1_000
/** How long the pipes of an ended process may stay open, should a child of it hold them. */
const endMarginMs = 1_000

/**
 * The primary's side of what it shares with one worker: the launcher's own pipe, and Node's channel for sockets and messages of the app.
 * The worker may be under the control of anybody, so all that comes is bounded and parsed as a stranger's, and nothing of it throws here.
 */
export class WorkerChannel {
  readonly #options: WorkerChannelOptions
  readonly #handles: HandleChannel | null
  readonly #budgets: ReadingBudget[] = []
  #next = 0
  #isBroken = false
  #hasExited = false

  constructor(options: WorkerChannelOptions) {
    this.#options = options
    const { child, control } = options
    const fromApp = this.#reader({
      longest: longestMessage,
      parse: readAppLine,
      onParsed: (sent) => {
        if (sent) options.onAppMessage(sent.message)
      },
      pause: () => this.#handles?.pause(),
      resume: () => this.#handles?.resume(),
    })
    this.#handles = takeOverChannel(child, {
      onBytes: fromApp,
      onHandle: () => this.breakOff('it sent a handle, and the launcher takes none'),
    })
    if (!control) return
    const fromWorker = this.#reader({
      longest: longestLine,
      parse: parseFromWorker,
      onParsed: options.onMessage,
      pause: () => control.pause(),
      resume: () => control.resume(),
    })
    control.on('data', fromWorker)
    control.once('close', () => this.#closed())
    child.once('disconnect', () => this.#closed())
    child.once('exit', () => {
      this.#hasExited = true
      // What it wrote before its end is read without a break.
      for (const budget of this.#budgets) budget.stop()
    })
  }

  /** Whether this Node can pass sockets to workers. */
  get canSendSockets(): boolean {
    return this.#handles !== null
  }

  send(message: Exclude<ToWorker, WithSocket>): void {
    const { control } = this.#options
    if (!control?.writable) return
    // All of one turn of the event loop are written at once.
    if (control.writableCorked === 0) {
      control.cork()
      process.nextTick(() => control.uncork())
    }
    control.write(encodeFrame({ number: this.#next++, message }))
  }

  /** Returns the number under which the worker answers. */
  sendWith(message: WithSocket, handle: object): number {
    const number = this.#next++
    this.#handles?.send({ number, message }, handle, () => this.#options.onUnsent(number))
    return number
  }

  /** The exit of a process may be known before the last line that it wrote, which says why it failed. To be called at the exit. */
  async lastRead(): Promise<void> {
    const { child, control } = this.#options
    const read = [
      child.connected && new Promise<void>((resolve) => child.once('disconnect', resolve)),
      control && !control.destroyed && new Promise<void>((resolve) => control.once('close', () => resolve())),
    ]
    await within(Promise.all(read), endMarginMs)
  }

  /** Stops to listen to the worker, which is at fault. */
  breakOff(reason: string): void {
    if (this.#isBroken || this.#hasExited) return
    this.#isBroken = true
    this.#options.onFault(reason)
  }

  #reader<Parsed>({
    longest,
    parse,
    onParsed,
    ...ways
  }: {
    longest: number
    parse: (line: string) => Parsed
    onParsed: (parsed: Parsed) => void
    pause: () => void
    resume: () => void
  }): (bytes: Buffer) => void {
    const budget = new ReadingBudget(ways)
    this.#budgets.push(budget)
    const lines = new BoundedLines({ longest })
    return (bytes) => {
      if (this.#isBroken) return
      const whole = this.#attempt(() => lines.push(bytes)) ?? []
      if (!this.#hasExited) budget.spend({ bytes: bytes.length, lines: whole.length })
      for (const line of whole) {
        const parsed = this.#attempt(() => ({ value: parse(line) }))
        if (!parsed || this.#isBroken) return
        onParsed(parsed.value)
      }
    }
  }

  /** What is thrown here is what is wrong with the bytes of the worker. */
  #attempt<Value>(read: () => Value): Value | null {
    try {
      return read()
    } catch (error) {
      this.breakOff(`it wrote ${messageOf(error)}`)
      return null
    }
  }

  #closed(): void {
    if (this.#hasExited || this.#isBroken) return
    const timer = setTimeout(() => this.breakOff('it closed the channel'), closedMarginMs)
    this.#options.child.once('exit', () => clearTimeout(timer))
  }
}
