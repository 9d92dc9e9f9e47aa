import type { IncomingMessage } from 'node:http'
import type { ConnectTarget } from '../../platform/net/connect-reading.ts'
import { nodeCrypto } from '../../platform/node/node-crypto.ts'
import type { StickyChoice, StickyOwner } from '../../sticky/sticky-choice.ts'
import { defaultLimits, type FrontLimits } from './front-limits.ts'
import { Upstream } from './upstream.ts'

/** An instance to which requests can belong. */
export interface UpstreamOwner extends StickyOwner {
  readonly upstream: Upstream
}

/** The program instances that answer the requests of a front. A supervisor adds and retires them while the server runs. */
export class UpstreamPool {
  readonly limits: FrontLimits
  readonly #ready: Upstream[] = []
  /** Retired ones, which still answer. */
  readonly #draining = new Set<Upstream>()
  #turn = 0
  #timer: NodeJS.Timeout | null = null

  readonly #sticky: StickyChoice<UpstreamOwner> | null

  /** `sticky`: what says which instance a request belongs to; unset, none belongs to any. */
  constructor(limits: Partial<FrontLimits> = {}, sticky: StickyChoice<UpstreamOwner> | null = null) {
    this.#sticky = sticky
    this.limits = { ...defaultLimits, ...limits }
  }

  /** How many take requests. */
  get size(): number {
    return this.#ready.length
  }

  /** The instance must be ready: it may get a request at once. */
  add(
    target: ConnectTarget,
    { worker = 0 }: { /** The number of its place. */ worker?: number } = {},
  ): Upstream {
    const upstream = new Upstream(target, this.limits)
    this.#ready.push(upstream)
    if (this.#sticky) {
      const key = nodeCrypto().randomBytes(8).toString('hex')
      this.#sticky.set([...this.#sticky.owners, { key, worker, upstream }])
    }
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
    this.#sticky?.set(this.#sticky.owners.filter((owner) => owner.upstream !== upstream))
    this.#draining.add(upstream)
    await upstream.retire()
    if (upstream.load === 0) this.#draining.delete(upstream)
  }

  /**
   * The one that the request belongs to, else the one with the fewest requests in flight; equals take turns. One that has just failed comes last: it would have the fewest, and draw all requests.
   * `null`: none takes requests.
   */
  pick(request: IncomingMessage, except: readonly Upstream[] = []): Upstream | null {
    const owner = this.#sticky?.ownerOf(request)?.upstream
    if (owner && !except.includes(owner)) return owner
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

  /** The value of `Set-Cookie` for the answer of an instance: the client then belongs to it. */
  cookieFor(request: IncomingMessage, upstream: Upstream): string | null {
    const owner = this.#sticky?.owners.find((one) => one.upstream === upstream)
    return (owner && this.#sticky?.cookieFor(request, owner)) ?? null
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
