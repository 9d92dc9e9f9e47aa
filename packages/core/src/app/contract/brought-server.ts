import { EventEmitter } from 'node:events'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { http } from '../../platform/node/node-http.ts'
import type { CapturedServer } from '../listen/captured-server.ts'
import { type FoundSetting, readSettings } from './read-settings.ts'
import type { ServerEvent } from './rows/event-rows.ts'

const { rawListeners } = EventEmitter.prototype

/**
 * The `http.Server` that an app brings. It never listens and takes no connection: `serve/` has a server of its own, and asks this one for
 * its settings and listeners. Listeners may come and go while the server runs.
 */
export class BroughtServer {
  readonly server: Server
  /** Those of its settings that differ from Node's defaults. */
  settings: readonly FoundSetting[]
  readonly #options: Parameters<typeof readSettings>[1]
  /** Set when the app lets it listen by itself; `null`: the app exports it. */
  readonly captured: CapturedServer | null
  /** By event, those that Node adds to every server. They would parse a connection a second time. */
  readonly #ofNode = new Map<string | symbol, readonly unknown[]>()
  #onAdded: (event: string) => void = () => undefined
  readonly #failures: Parameters<ListenerFailed>[] = []
  #onListenerFailed: ListenerFailed = (...failure) => void this.#failures.push(failure)

  constructor(
    server: Server,
    {
      captured = null,
      ...options
    }: NonNullable<Parameters<typeof readSettings>[1]> & { captured?: CapturedServer | null } = {},
  ) {
    validateServer(server)
    this.server = server
    this.captured = captured
    this.#options = options
    this.settings = readSettings(server, options)
    const plain = http.createServer()
    for (const event of plain.eventNames()) this.#ofNode.set(event, plain.rawListeners(event))
    // A listener of the app's for this event may throw, which is then a failure to load it.
    server.on('newListener', (event) => {
      if (typeof event === 'string') this.#onAdded(event)
    })
  }

  /** Reads the settings once more. Returns those that the app has changed since they were read last, also those that it has set back. */
  readChanges(): readonly FoundSetting[] {
    const before = this.settings
    this.settings = readSettings(this.server, this.#options)
    const isIn = (list: readonly FoundSetting[], one: FoundSetting): boolean =>
      list.some(({ key, value }) => key === one.key && value === one.value)
    const reset = before
      .filter(({ key }) => !this.settings.some((one) => one.key === key))
      .map((one) => ({ ...one, value: Reflect.get(this.server, one.key) as unknown }))
    return [...this.settings.filter((one) => !isIn(before, one)), ...reset]
  }

  /** Whether the app listens for an event. */
  has(event: ServerEvent): boolean {
    return this.#listeners(event).length > 0
  }

  /** The listeners of the app, in their order. One of `once()` removes itself when it is called. */
  #listeners(event: ServerEvent): readonly Listener[] {
    // Not by a method that the app may have replaced.
    const all = rawListeners.call(this.server, event) as Listener[]
    const ofNode = this.#ofNode.get(event)
    return ofNode ? all.filter((listener) => !ofNode.includes(listener)) : all
  }

  /**
   * Calls the listeners of the app as `emit()` would: in their order, with the server as `this`, and not the rest once one has thrown.
   * What it returns settles when all of them have. `emit()` itself would leave the rejection of an async listener unhandled, and that
   * ends the process.
   */
  call(event: ServerEvent, ...given: readonly unknown[]): unknown {
    return this.#callAll(this.#listeners(event), given)
  }

  #callAll(listeners: readonly Listener[], given: readonly unknown[]): unknown {
    const [first] = listeners
    // Nearly every app has one for requests, and a promise for each request would cost as much as all that is around it.
    if (first !== undefined && listeners.length === 1) return first.call(this.server, ...given)
    return Promise.all(listeners.map((listener) => listener.call(this.server, ...given)))
  }

  /**
   * Whether all that listens for upgrades hands them to a WebSocket library, which answers other protocols with 400. It can only be recognised by
   * the text of the listeners: ws, engine.io and nearly all code around them call `handleUpgrade()`. Where that isn't seen, the app gets
   * upgrades to any protocol, as in Node.
   */
  takesOnlyWebSockets(): boolean {
    const listeners = this.#listeners('upgrade')
    return listeners.length > 0 && listeners.every((listener) => /\bhandleUpgrade\b/.test(textOf(listener)))
  }

  /** Calls back with the name of each event for which the app adds a listener from now on. */
  onListenerAdded(added: (event: string) => void): void {
    this.#onAdded = added
  }

  /** Calls back for each listener that has failed by which the app starts, or looks at a connection; at once for those before. */
  onListenerFailed(failed: ListenerFailed): void {
    this.#onListenerFailed = failed
    for (const failure of this.#failures.splice(0)) failed(...failure)
  }

  listenerFailed(...failure: Parameters<ListenerFailed>): void {
    this.#onListenerFailed(...failure)
  }

  /** Answers a request as the app does, or with 426 where it takes upgrades alone (RFC 9110 section 15.5.22). */
  handle(request: IncomingMessage, response: ServerResponse): unknown {
    const listeners = this.#listeners('request')
    const first = listeners[0]
    // Nearly every app has one, and what is done for more would be a hundredth of the time of a request.
    if (first !== undefined && listeners.length === 1) return first.call(this.server, request, response)
    if (first !== undefined || !this.has('upgrade')) return this.#callAll(listeners, [request, response])
    return answerUpgradeRequired(response)
  }
}

/** Throws for a server that an app has made unfit: what goes on with it later must not. */
function validateServer(server: Server): void {
  if (!Object.isExtensible(server)) throw new TypeError('the http.Server is frozen')
  for (const method of ['emit', 'on', 'rawListeners', 'listenerCount'] as const)
    if (typeof server[method] !== 'function') throw new TypeError(`the http.Server has no method ${method}()`)
}

/** Says that only WebSockets are served here. */
export function answerUpgradeRequired(response: ServerResponse): void {
  const text = 'Upgrade Required\n'
  // Over HTTP/2 there is neither of them.
  const overHttp1 = response.req.httpVersionMajor < 2
  response.writeHead(426, {
    ...(overHttp1 && { Connection: 'Upgrade', Upgrade: 'websocket' }),
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': text.length,
  })
  response.end(text)
}

/** A listener of `once()` is wrapped in the function that removes it. */
function textOf(listener: Listener & { listener?: Listener }): string {
  return Function.prototype.toString.call(listener.listener ?? listener)
}

/** A failure to start ends the process, as it does in Node. */
export type ListenerFailed = (error: unknown, options: { readonly isStart: boolean }) => void

type Listener = (this: Server, ...given: readonly unknown[]) => unknown
