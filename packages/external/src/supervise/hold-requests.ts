import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ServedApp } from '@lockstep/core/internal'

/** More requests than these don't wait: they are answered with 503 at once. */
const mostWaiting = 1_024

/** While a program is stopped for its restart, requests wait, up to a limit. */
export class RequestHold {
  readonly #waiting = new Set<() => void>()
  readonly #hasUpstream: () => boolean
  readonly #mostMs: number
  #holds = 0

  constructor({ hasUpstream, mostMs }: { hasUpstream: () => boolean; mostMs: number }) {
    this.#hasUpstream = hasUpstream
    this.#mostMs = mostMs
  }

  /** Holds requests while the change is made, when no instance takes them. */
  async during<Value>(change: () => Promise<Value>): Promise<Value> {
    this.#holds += 1
    try {
      return await change()
    } finally {
      this.#holds -= 1
      this.release()
    }
  }

  /** Lets the waiting requests go on, when an instance takes requests or nothing is changed any more. */
  release(): void {
    if (this.#holds > 0 && !this.#hasUpstream()) return
    const waiting = [...this.#waiting]
    this.#waiting.clear()
    for (const go of waiting) go()
  }

  /** The same app, whose requests wait. */
  inFrontOf(app: ServedApp): ServedApp {
    const { upgrade, extendedConnect } = app
    return {
      ...app,
      isReady: this.#hasUpstream,
      handle: (request, response) => this.#pass(() => app.handle(request, response), response),
      ...(upgrade && {
        upgrade: (request, socket, head) =>
          this.#pass(() => upgrade.call(app, request, socket, head), socket),
      }),
      ...(extendedConnect && {
        extendedConnect: (request: IncomingMessage, response: ServerResponse, protocol: string) =>
          this.#pass(() => extendedConnect.call(app, request, response, protocol), response),
      }),
    } as ServedApp
  }

  #pass(go: () => unknown, client: { readonly destroyed: boolean }): void {
    if (this.#holds === 0 || this.#hasUpstream() || this.#waiting.size >= mostWaiting) {
      go()
      return
    }
    const next = (): void => {
      clearTimeout(late)
      this.#waiting.delete(next)
      if (!client.destroyed) go()
    }
    const late = setTimeout(next, this.#mostMs)
    this.#waiting.add(next)
  }
}
