import type { Http2Session } from 'node:http2'
import { nodeHttp2 } from '../../platform/node/node-http2.ts'

/** What a client that does not read may take to let its connection be closed in order. */
const closeMs = 1_000

interface Http2Limits {
  /** Infinite: no limit, as for `keepAliveMs`. */
  readonly headersMs: number
  readonly keepAliveMs: number
}

/**
 * The open connections of HTTP/2. Node closes none of them by itself: a client that never finishes its preface, or its headers,
 * would stay forever. So a connection without an open request is closed after a time, whatever else is sent on it.
 */
export class Http2Connections {
  /** With the time at which the end was announced on it, by `performance.now()`. */
  readonly #sessions = new Map<Http2Session, number | null>()
  readonly #limits: Http2Limits
  #draining = false

  /** How many requests a connection may carry; 0: no limit. */
  requests: number

  constructor(limits: Http2Limits, { requests = 0 }: { requests?: number } = {}) {
    this.#limits = limits
    this.requests = requests
  }

  add(session: Http2Session): void {
    this.#sessions.set(session, null)
    let openStreams = 0
    let requests = 0
    let idle = endAfter(session, this.#limits.headersMs)
    session.on('stream', (stream) => {
      openStreams += 1
      clearTimeout(idle)
      requests += 1
      if (this.#limits.keepAliveMs === 0 || requests === this.requests) session.close()
      stream.once('close', () => {
        openStreams -= 1
        if (openStreams === 0 && !session.destroyed) idle = endAfter(session, this.#limits.keepAliveMs)
      })
    })
    session.once('close', () => {
      clearTimeout(idle)
      this.#sessions.delete(session)
    })
    if (this.#draining) this.#announceEnd(session)
  }

  /** Asks the clients to send no more, and takes what is on its way nevertheless. */
  announceEnd(): void {
    this.#draining = true
    for (const session of this.#sessions.keys()) this.#announceEnd(session)
  }

  /** The same for those that are open now alone. Returns them. */
  retire(): Http2Session[] {
    const sessions = [...this.#sessions.keys()]
    for (const session of sessions) this.#announceEnd(session)
    return sessions
  }

  /** The same for the one that was added last. */
  retireLast(): Http2Session[] {
    const last = [...this.#sessions.keys()].slice(-1)
    for (const session of last) this.#announceEnd(session)
    return last
  }

  /**
   * Accepts nothing new on connections whose client has known of the end for this long: one whose handshake has ended during the drain has
   * sent its first request before it could know. Each closes when its requests have been answered.
   */
  close({ lingerMs }: { lingerMs: number }): void {
    const now = performance.now()
    for (const [session, announced] of this.#sessions)
      if (announced !== null && now - announced >= lingerMs) session.close()
  }

  /** The first of the two GOAWAY frames of RFC 9113 section 6.8: it names no last request yet. */
  #announceEnd(session: Http2Session): void {
    this.#sessions.set(session, performance.now())
    // One that an app has destroyed stays here until its 'close' event.
    if (!session.closed && !session.destroyed)
      session.goaway(nodeHttp2().constants.NGHTTP2_NO_ERROR, 2 ** 31 - 1)
  }
}

function endAfter(session: Http2Session, ms: number): NodeJS.Timeout | undefined {
  return Number.isFinite(ms) ? setTimeout(() => end(session), ms) : undefined
}

function end(session: Http2Session): void {
  session.close()
  const late = setTimeout(() => session.destroy(), closeMs)
  session.once('close', () => clearTimeout(late))
}
