import type { Socket } from 'node:net'
import { messageOf } from '../../errors/thrown.ts'
import { type ConnectTarget, connectReading } from '../../platform/net/connect-reading.ts'
import { farewell } from '../../serve/request-router.ts'
import { InvalidAnswer } from '../parser/invalid-answer.ts'
import { type AnswerParts, type AskedFor, ResponseReader } from '../parser/response-reader.ts'
import type { FaultKind, UpstreamFault } from './upstream-fault.ts'

/** What uses a connection for one request. */
export interface ConnectionUse extends AnswerParts {
  /** Whether all of the request was sent. If not, the connection can't carry another one. */
  readonly isRequestSent: boolean
  onConnected(): void
  /** The upstream has taken what was written. */
  onDrain(): void
  /** All that could be read was passed on, and more of the answer is to come. */
  onReadAll(): void
  /** The last call, if an upstream of ours ends the connection of the client instead of an answer. */
  onDropped(): void
  /** The last call, if the answer did not come to its end. */
  onFailed(fault: UpstreamFault): void
}

/** What keeps connections. */
export interface ConnectionOwner {
  onOpen(): void
  /** A request was answered to the end. */
  onAnswered(): void
  onIdle(connection: UpstreamConnection): void
  onClosed(connection: UpstreamConnection): void
}

/** What may take too long. */
type LimitKind = Extract<FaultKind, 'connect-late' | 'response-late' | 'silent'>

const limitNames: Readonly<Record<LimitKind, string>> = {
  'connect-late': 'to accept the connection',
  'response-late': 'to begin its answer',
  silent: 'between two parts of its answer',
}

function reasonOf(kind: LimitKind, ms: number): string {
  return `the program took longer than ${ms / 1_000} s ${limitNames[kind]}`
}

/** The one byte by which an upstream of ours accepts a connection (ASCII: acknowledge). */
export const welcome = 6

/** For how much shorter than the upstream a connection is kept. */
const marginMs = 1_000

/** A connection to an upstream. It carries one request after the other, and never two at once. */
export class UpstreamConnection {
  readonly #socket: Socket
  readonly #owner: ConnectionOwner
  readonly #reader = new ResponseReader()
  readonly #isOurs: boolean
  #use: ConnectionUse | null = null
  #isConnected = false
  #isPaused = false
  #answers = 0
  #error: Error | null = null
  #lateAt = Number.POSITIVE_INFINITY
  #lateKind: LimitKind = 'connect-late'
  #limitMs = 0

  /** `greeting`: is sent first, and nothing else until the upstream has answered it with `welcome`. */
  constructor(target: ConnectTarget, owner: ConnectionOwner, greeting: string | null = null) {
    this.#owner = owner
    this.#isOurs = greeting !== null
    const socket = connectReading(target, { onBytes: (bytes, size) => this.#read(bytes, size) })
    this.#socket = socket
    socket.on('connect', () => {
      if (greeting === null) this.#open()
      else socket.write(greeting, 'latin1')
    })
    socket.on('drain', () => this.#use?.onDrain())
    socket.on('error', (error) => {
      this.#error = error
    })
    socket.on('end', () => this.#onEnd())
    socket.on('close', () => this.#onClose())
  }

  get isConnected(): boolean {
    return this.#isConnected
  }

  /** It has carried a request before, so that the upstream may close it just now. */
  get isKept(): boolean {
    return this.#answers > 0
  }

  /** The head of the answer has not come; interim ones may have. */
  get awaitsHead(): boolean {
    return this.#reader.awaitsHead
  }

  get isDestroyed(): boolean {
    return this.#socket.destroyed
  }

  /** For how long the upstream keeps it after the last answer; `null`: it did not say. */
  get keptMs(): number | null {
    const ms = this.#reader.keepAliveMs
    return ms === null ? null : Math.max(ms - marginMs, ms / 2)
  }

  /** Belongs to this request from now on, until its answer has come or the connection is closed. */
  take(use: ConnectionUse, asked: AskedFor): void {
    this.#use = use
    this.#reader.begin(use, asked)
  }

  /** Returns whether more may be written at once; else `onDrain()` is called. A string has one character for each byte. */
  write(bytes: string | Uint8Array): boolean {
    return typeof bytes === 'string' ? this.#socket.write(bytes, 'latin1') : this.#socket.write(bytes)
  }

  /** What is written until `uncork()` is sent at once. */
  cork(): void {
    this.#socket.cork()
  }

  uncork(): void {
    this.#socket.uncork()
  }

  /** Sends nothing more; for a protocol that was switched to. */
  end(): void {
    this.#socket.end()
  }

  /** Reads nothing more until `resume()`, when the present call of `AnswerParts` has returned. */
  pause(): void {
    this.#isPaused = true
  }

  resume(): void {
    if (!this.#isPaused) return
    this.#isPaused = false
    this.#socket.resume()
  }

  /** Fails with that kind of fault unless it is called again within that time. 0: no limit. */
  limit(ms: number, kind: LimitKind): void {
    this.#limitMs = ms
    this.#lateAt = ms === 0 ? Number.POSITIVE_INFINITY : performance.now() + ms
    this.#lateKind = kind
  }

  checkTime(now: number): void {
    if (this.#use && !this.#isPaused && now > this.#lateAt)
      this.#fail({ kind: this.#lateKind, reason: reasonOf(this.#lateKind, this.#limitMs) })
  }

  /** Closes it. Its use gets no further call. */
  destroy(): void {
    this.#use = null
    this.#socket.destroy()
  }

  #open(): void {
    this.#isConnected = true
    this.#owner.onOpen()
    this.#use?.onConnected()
  }

  #read(bytes: Buffer, size: number): boolean {
    if (!this.#isConnected) {
      if (size === 1 && bytes[0] === welcome) this.#open()
      else this.#socket.destroy()
      return true
    }
    // Nothing was asked: whatever this is, it must not become the answer to the next request (CVE-2026-48931).
    if (!this.#use) {
      this.#socket.destroy()
      return true
    }
    if (this.#isOurs && bytes[0] === farewell && !this.#reader.hasBegun) {
      const use = this.#use
      this.destroy()
      use.onDropped()
      return true
    }
    try {
      const taken = this.#reader.take(bytes, size)
      if (this.#reader.isIdle) this.#finish({ isClean: taken === size })
      else this.#use?.onReadAll()
    } catch (error) {
      this.#fail({
        kind: 'invalid',
        reason:
          error instanceof InvalidAnswer
            ? error.message
            : `the answer can't be passed on: ${messageOf(error)}`,
      })
    }
    return !this.#isPaused
  }

  /** The answer is complete. */
  #finish({ isClean }: { isClean: boolean }): void {
    const use = this.#use
    if (!use) return
    this.#use = null
    this.#answers += 1
    this.#owner.onAnswered()
    this.#lateAt = Number.POSITIVE_INFINITY
    if (isClean && use.isRequestSent && this.#reader.keepsAlive) {
      this.resume()
      this.#owner.onIdle(this)
    } else this.#socket.destroy()
  }

  #onEnd(): void {
    if (this.#use && this.#reader.takeEnd() && this.#reader.isIdle) this.#finish({ isClean: false })
    // What uses it is notified of the rest when it closes.
    this.#socket.destroy()
  }

  #onClose(): void {
    this.#owner.onClosed(this)
    if (!this.#use) return
    const reason = this.#error?.message ?? 'the connection was closed'
    if (!this.#isConnected) this.#fail({ kind: 'refused', reason })
    else {
      const kind = this.#reader.hasBegun ? 'cut' : 'closed'
      this.#fail({ kind, reason, isEnd: this.#error === null })
    }
  }

  #fail(fault: UpstreamFault): void {
    const use = this.#use
    this.destroy()
    use?.onFailed(fault)
  }
}
