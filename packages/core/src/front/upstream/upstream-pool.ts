import type { ConnectTarget } from '../../platform/net/connect-reading.ts'
import { defaultLimits, type FrontLimits } from './front-limits.ts'
import { Upstream } from './upstream.ts'

/** The program instances that answer the requests of a front. A supervisor adds and retires them while the server runs. */
export class UpstreamPool {
  readonly limits: FrontLimits
  readonly #ready: Upstream[] = []
  /** Retired ones, which still answer. */
  readonly #draining = new Set<Upstream>()
  #turn = 0
  #timer: NodeJS.Timeout | null = null

  constructor(limits: Partial<FrontLimits> = {}) {
    this.limits = { ...defaultLimits, ...limits }
  }

  /** How many take requests. */
  get size(): number {
    return this.#ready.length
  }

  /** The instance must be ready: it may get a request at once. */
  add(target: ConnectTarget): Upstream {
    const upstream = new Upstream(target, this.limits)
    this.#ready.push(upstream)
    this.#watchTime()
    return upstream
  }

  /**
   * The instance gets no further request. Resolves when its last request in flight has ended. It does not wait for WebSockets and event streams, which
   * may have no end: the instance closes them when it stops. May be called again.
   */
  async retire(upstream: Upstream): Promise<void> {
    const at = this.#ready.indexOf(upstream)
    if (at >= 0) this.#ready.splice(at, 1)
    this.#draining.add(upstream)
    await upstream.retire()
    if (upstream.load === 0) this.#draining.delete(upstream)
  }

  /**
   * The one with the fewest requests in flight; equals take turns. One that has just failed comes last: it would have the fewest, and draw all requests.
   * `null`: none takes requests.
   */
  pick(except: readonly Upstream[] = []): Upstream | null {
    const { length } = this.#ready
    let best: Upstream | null = null
    for (let step = 0; step < length; step += 1) {
      const upstream = this.#ready[(this.#turn + step) % length] as Upstream
      if (except.includes(upstream)) continue
      if (best === null || isBetter(upstream, best)) best = upstream
    }
    this.#turn = (this.#turn + 1) % Math.max(1, length)
    return best
  }

  /** Closes unused connections, and looks at no time limit any more. */
  close(): void {
    if (this.#timer) clearInterval(this.#timer)
    this.#timer = null
    for (const upstream of [...this.#ready]) void this.retire(upstream)
  }

  /** All of them together, now and then, so that a request needs no timer. */
  #watchTime(): void {
    if (this.#timer) return
    const { connectMs, responseMs, silenceMs, idleMs } = this.limits
    const shortest = Math.min(...[connectMs, responseMs, silenceMs, idleMs].filter((ms) => ms > 0), 2_000)
    this.#timer = setInterval(
      () => {
        const now = performance.now()
        for (const upstream of this.#ready) upstream.checkTime(now)
        for (const upstream of this.#draining) {
          upstream.checkTime(now)
          if (upstream.load === 0) this.#draining.delete(upstream)
        }
      },
      Math.max(10, shortest / 4),
    )
    this.#timer.unref()
  }
}

function isBetter(one: Upstream, other: Upstream): boolean {
  if (one.hasFailed !== other.hasFailed) return other.hasFailed
  return one.load < other.load
}
