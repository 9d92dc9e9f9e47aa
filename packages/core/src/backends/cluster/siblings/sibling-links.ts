import type { IncomingMessage } from 'node:http'
import type { FrontLimits } from '../../../front/upstream/front-limits.ts'
import { Upstream } from '../../../front/upstream/upstream.ts'
import { http2StreamOf } from '../../../serve/http2/http2-exchange.ts'
import { connectionAsShown } from './shown-connection.ts'
import type { Sibling } from './sibling.ts'

/** What an app does has no limits of time when it answers directly, and has none here. */
export const siblingLimits: FrontLimits = {
  // A session that is lost is worse than a wait. A worker that blocks its event loop for longer is ended by `timeouts.hang` in any case.
  connectMs: 10_000,
  responseMs: 0,
  silenceMs: 0,
  idleMs: 1_500,
  idleConnections: 256,
}

const checkMs = 500

/**
 * The connections of this worker to its siblings. Each carries the requests of one connection of a client alone: so the app finds the client in the socket, at any
 * time, as if it had accepted it.
 */
export class SiblingLinks {
  readonly #secret: string
  readonly #ofClients = new WeakMap<object, Map<Sibling, Upstream>>()
  readonly #upstreams = new Map<Upstream, Sibling>()
  #timer: NodeJS.Timeout | null = null

  constructor(secret: string) {
    this.#secret = secret
  }

  /** The way from the connection that a request came on to a sibling. */
  upstreamFor(request: IncomingMessage, sibling: Sibling): Upstream {
    // Over HTTP/2, the socket of a request is a new object each time.
    const connection = http2StreamOf(request)?.session ?? request.socket
    let links = this.#ofClients.get(connection)
    if (!links) {
      links = new Map()
      this.#ofClients.set(connection, links)
      const ended = links
      connection.once('close', () => {
        for (const upstream of ended.values()) void upstream.retire()
      })
    }
    const known = links.get(sibling)
    if (known) return known
    const greeting = `${this.#secret} ${JSON.stringify(connectionAsShown(request.socket))}\n`
    const upstream = new Upstream({ path: sibling.path }, siblingLimits, greeting)
    links.set(sibling, upstream)
    return upstream
  }

  /** To be called before each request that `upstream` gets: it may have had none for a while, and be retired. */
  watch(upstream: Upstream, sibling: Sibling): void {
    this.#upstreams.set(upstream, sibling)
    this.#watchTime()
  }

  /** Closes unused connections, except those to these siblings. */
  retireAllBut(siblings: readonly Sibling[]): void {
    for (const [upstream, sibling] of this.#upstreams) if (!siblings.includes(sibling)) void upstream.retire()
  }

  /** All of them together, now and then, so that a request needs no timer. */
  #watchTime(): void {
    this.#timer ??= setInterval(() => {
      const now = performance.now()
      for (const upstream of this.#upstreams.keys()) {
        upstream.checkTime(now)
        if (upstream.isRetired && upstream.load === 0) this.#upstreams.delete(upstream)
      }
      if (this.#upstreams.size > 0 || !this.#timer) return
      clearInterval(this.#timer)
      this.#timer = null
    }, checkMs).unref()
  }
}
