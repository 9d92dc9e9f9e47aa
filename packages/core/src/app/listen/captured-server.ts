import type { Server } from 'node:http'
import { isIPv6 } from 'node:net'
import { reportUncaught } from '../../errors/report-uncaught.ts'
import type { AskedListen, ListenCall } from './asked-listen.ts'

const captured = new WeakSet<object>()

/** Whether a server only looks as if it listened. */
export function isCaptured(server: object): boolean {
  return captured.has(server)
}

/**
 * A server of the app whose `listen()` was intercepted. It looks as if it had bound: its callback is called with `listening` once the launcher
 * has bound its address (see `serve/present-server.ts`), and `close()` is answered when the launcher serves no more.
 */
export class CapturedServer {
  readonly server: Server
  readonly asked: AskedListen
  readonly #callback: ListenCall['callback']
  #isEnded = false
  #isClosing = false
  #onAppCloses: (() => void) | undefined
  readonly #waiting: (() => void)[] = []

  /** `port`: the one that is served, if it is known already and may differ from the one that the app asks for. */
  constructor(server: Server, { asked, callback, signal }: ListenCall, port: number | null = null) {
    this.server = server
    this.asked = asked
    this.#callback = callback
    captured.add(server)
    if (callback) server.once('listening', callback)
    define(server, 'close', (called?: (error?: Error) => void) => {
      this.#close(called)
      return server
    })
    if (signal) closeOnAbort(server, signal)
    this.#showEarly(port)
  }

  /** Calls back once, when the app closes its server while it serves; at once if that was before. */
  onAppCloses(called: () => void): void {
    this.#onAppCloses = called
    if (this.#isClosing && !this.#isEnded) called()
  }

  get isClosing(): boolean {
    return this.#isClosing
  }

  /** The launcher serves no more on it. */
  ended(): void {
    this.#isEnded = true
    for (const call of this.#waiting.splice(0)) callOut(call)
  }

  /** It is refused after all: nothing listens. */
  release(): void {
    captured.delete(this.server)
    if (this.#callback) this.server.off('listening', this.#callback)
    for (const name of ['listening', 'address', 'close']) Reflect.deleteProperty(this.server, name)
  }

  #close(called: ((error?: Error) => void) | undefined): void {
    const isRepeated = this.#isClosing
    this.#isClosing = true
    if (typeof called === 'function') {
      // As Node does it, which also waits for the last connection before it calls back with the error.
      const call = isRepeated ? () => called(notRunning()) : () => called()
      if (this.#isEnded) process.nextTick(call)
      else this.#waiting.push(call)
    }
    if (!this.#isEnded && !isRepeated) this.#onAppCloses?.()
  }

  /** Without a host to look up, Node binds before `listen()` returns, and many programs read `server.address().port` right after it. */
  #showEarly(port: number | null): void {
    // The server that an export brings shows already where it is served.
    if (this.server.listening) return
    const { address } = this.asked
    if (address.kind === 'tcp' && address.host !== null) return
    Object.defineProperty(this.server, 'listening', { configurable: true, get: () => true })
    define(this.server, 'address', () => {
      if (address.kind === 'fd') return null
      if (address.kind !== 'tcp') return address.path
      const host = address.host ?? '::'
      return { address: host, family: isIPv6(host) ? 'IPv6' : 'IPv4', port: port ?? address.port }
    })
  }
}

/** What a callback throws must not end the drain: it is an uncaught exception, as in Node. */
function callOut(call: () => void): void {
  try {
    call()
  } catch (error) {
    reportUncaught(error)
  }
}

/** Node's own error, which has no public constructor. */
function notRunning(): Error {
  return Object.assign(new Error('Server is not running.'), { code: 'ERR_SERVER_NOT_RUNNING' })
}

function closeOnAbort(server: Server, signal: AbortSignal): void {
  const close = (): void => void server.close()
  if (signal.aborted) process.nextTick(close)
  else signal.addEventListener('abort', close, { once: true })
}

function define(server: Server, name: string, value: unknown): void {
  Object.defineProperty(server, name, { configurable: true, writable: true, value })
}
