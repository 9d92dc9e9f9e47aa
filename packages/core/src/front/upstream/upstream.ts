import type { ConnectTarget } from '../../platform/net/connect-reading.ts'
import type { ServedCounts } from '../../serve/served-counts.ts'
import type { FrontLimits } from './front-limits.ts'
import { type ConnectionOwner, UpstreamConnection } from './upstream-connection.ts'

/** One program instance that answers requests, with the connections to it. */
export class Upstream implements ConnectionOwner {
  readonly target: ConnectTarget
  readonly #limits: FrontLimits
  readonly #open = new Set<UpstreamConnection>()
  /** The one that was used last is at the end, and is taken first. */
  readonly #idle: { readonly connection: UpstreamConnection; readonly until: number }[] = []
  #load = 0
  #requests = 0
  #isRetired = false
  #onQuiet: (() => void) | null = null
  #failedUntil = 0
  #connections = 0
  #answers = 0

  readonly #greeting: string | null

  constructor(target: ConnectTarget, limits: FrontLimits, greeting: string | null = null) {
    this.target = target
    this.#greeting = greeting
    this.#limits = limits
  }

  /** Requests in flight, with those that have no end of their own. */
  get load(): number {
    return this.#load
  }

  /** Requests in flight, without those that have no end of their own. */
  get requests(): number {
    return this.#requests
  }

  /** What it has done until now. What clients have done to the front counts there. */
  counts(): ServedCounts {
    return {
      connections: this.#connections,
      requests: this.#answers,
      lostLines: 0,
      refusedClients: 0,
      refusedConnections: 0,
    }
  }

  /** It has failed a request in the last second. */
  get hasFailed(): boolean {
    return this.#failedUntil > 0 && performance.now() < this.#failedUntil
  }

  /** It refused a connection, or closed one without an answer. */
  fail(): void {
    this.#failedUntil = performance.now() + failedMs
  }

  get isRetired(): boolean {
    return this.#isRetired
  }

  /** Counts a request. The caller reports its end by `end()`. */
  begin(): void {
    this.#load += 1
    this.#requests += 1
  }

  /** `isEndless`: `becomeEndless()` was called for it. */
  end({ isEndless }: { isEndless: boolean }): void {
    this.#load -= 1
    if (!isEndless) this.#endRequest()
  }

  /** The request has become an event stream, or a connection of another protocol: `retire()` does not wait for it. */
  becomeEndless(): void {
    this.#endRequest()
  }

  /** An unused connection that is kept, else a new one. */
  connection(): UpstreamConnection {
    const now = performance.now()
    for (let kept = this.#idle.pop(); kept; kept = this.#idle.pop()) {
      if (kept.until > now && !kept.connection.isDestroyed) return kept.connection
      kept.connection.destroy()
    }
    return this.newConnection()
  }

  newConnection(): UpstreamConnection {
    const connection = new UpstreamConnection(this.target, this, this.#greeting)
    connection.limit(this.#limits.connectMs, 'connect-late')
    this.#open.add(connection)
    return connection
  }

  onOpen(): void {
    this.#connections += 1
  }

  onAnswered(): void {
    this.#answers += 1
  }

  onIdle(connection: UpstreamConnection): void {
    const keptMs = Math.min(connection.keptMs ?? this.#limits.idleMs, longestKeptMs)
    if (this.#isRetired || keptMs <= 0 || this.#idle.length >= this.#limits.idleConnections)
      connection.destroy()
    else this.#idle.push({ connection, until: performance.now() + keptMs })
  }

  onClosed(connection: UpstreamConnection): void {
    this.#open.delete(connection)
  }

  /** Closes what is unused for too long, and fails what takes too long. */
  checkTime(now: number): void {
    const kept = this.#idle.filter(({ until, connection }) => {
      if (until > now && !connection.isDestroyed) return true
      connection.destroy()
      return false
    })
    if (kept.length < this.#idle.length) this.#idle.splice(0, this.#idle.length, ...kept)
    for (const connection of this.#open) connection.checkTime(now)
  }

  /** Gets no further request. Resolves when the last one in flight has ended. */
  retire(): Promise<void> {
    this.#isRetired = true
    for (const { connection } of this.#idle.splice(0)) connection.destroy()
    if (this.#requests === 0) return Promise.resolve()
    return new Promise((resolve) => {
      const before = this.#onQuiet
      this.#onQuiet = () => {
        before?.()
        resolve()
      }
    })
  }

  #endRequest(): void {
    this.#requests -= 1
    if (this.#requests === 0) this.#onQuiet?.()
  }
}

const failedMs = 1_000

/** A connection to a program that keeps it for hours is worth no more than this. */
const longestKeptMs = 60_000
