import type { Server } from 'node:net'
import type { AskedListen, ListenCall } from '../../../app/listen/asked-listen.ts'
import type { OpenAppPort } from '../../../app/listen/intercept-listen.ts'
import { util } from '../../../platform/node/node-util.ts'
import { within } from '../../../platform/system/within.ts'
import type { FromWorker, ToWorker } from '../wire/messages.ts'

/** For the answers that are under way when the process ends. Connections that stay open, as WebSockets, are cut then. */
const closeMs = 1_000

type Listen = Parameters<OpenAppPort>[2]

interface Waiting {
  readonly server: Server
  readonly call: ListenCall
  readonly listen: Listen
  /** The lines of a stack. */
  readonly calledAt: string
  [Symbol.dispose](): void
}

/**
 * A worker's side of ports that the app opens itself (`appPorts`). As a worker of node:cluster, it asks the primary for the socket, and
 * the server listens on that.
 */
export class WorkerAppPorts {
  readonly #tell: (message: FromWorker) => void
  /** By the number of the request. */
  readonly #waiting = new Map<number, Waiting>()
  readonly #open = new Set<Server>()
  #next = 0

  constructor(tell: (message: FromWorker) => void) {
    this.#tell = tell
  }

  /** Returns false for a server that shares its port by itself. */
  open(server: Server, call: ListenCall, listen: Listen): boolean {
    const { asked, signal } = call
    if (asked.flags.includes('reusePort')) return false
    const request = this.#next++
    // The line to the primary alone keeps no process alive that boots, and the app waits for this.
    const hold = setInterval(() => undefined, 60_000)
    const giveUp = (): void => this.#take(request)?.[Symbol.dispose]()
    const close = (): void => void server.close()
    server.once('close', giveUp)
    if (signal?.aborted) process.nextTick(close)
    signal?.addEventListener('abort', close, { once: true })
    this.#waiting.set(request, {
      ...{ server, call, listen, calledAt: stackAbove(server.listen) },
      [Symbol.dispose]() {
        clearInterval(hold)
        server.off('close', giveUp)
      },
    })
    if (call.callback) server.once('listening', call.callback)
    this.#tell({ type: 'open-app-port', request, listen: asked })
    return true
  }

  receive({ request }: Extract<ToWorker, { type: 'app-port' }>, handle: object): void {
    using waiting = this.#take(request)
    if (waiting) {
      const { server, call, listen } = waiting
      this.#open.add(server)
      server.once('close', () => this.#open.delete(server))
      Reflect.apply(listen, server, [handle, call.asked.backlog ?? undefined])
    } else (handle as { close(): void }).close()
  }

  refused({ request, code }: Extract<ToWorker, { type: 'app-port-refused' }>): void {
    using waiting = this.#take(request)
    if (!waiting) return
    const { server, call, calledAt } = waiting
    process.nextTick(() => server.emit('error', errorOf(code, call.asked, calledAt)))
  }

  /** The process is about to end: other workers accept from now on, and what this one has accepted is answered for a moment. */
  async close(leftMs: number): Promise<void> {
    const closed = [...this.#open].map((server) => new Promise((resolve) => server.close(resolve)))
    await within(Promise.all(closed), Math.max(0, Math.min(leftMs, closeMs)))
  }

  #take(request: number): Waiting | undefined {
    const waiting = this.#waiting.get(request)
    this.#waiting.delete(request)
    return waiting
  }
}

function stackAbove(called: (...given: never[]) => unknown): string {
  const at: { stack?: string } = {}
  Error.captureStackTrace(at, called)
  return (at.stack ?? '').split('\n').slice(1).join('\n')
}

/** As Node's own error of `listen()`, with the place where the app has called it. */
function errorOf(code: string, { address }: AskedListen, calledAt: string): Error {
  const [errno, text] = [...util.getSystemErrorMap()].flatMap(([number, [name, text]]) =>
    name === code ? [number, text] : [],
  ) as [number?, string?]
  const { host, port } = address.kind === 'tcp' ? address : { host: null, port: 0 }
  const message = `listen ${code}: ${text ?? 'it failed'} ${host ?? '::'}:${port}`
  return Object.assign(new Error(message), {
    ...{ code, errno, syscall: 'listen', address: host ?? '::', port },
    stack: `Error: ${message}\n${calledAt}`,
  })
}
