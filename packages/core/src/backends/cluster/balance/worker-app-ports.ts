import type { Server } from 'node:net'
import { type AskedListen, describeAsked, type ListenCall } from '../../../app/listen/asked-listen.ts'
import type { OpenAppPort } from '../../../app/listen/intercept-listen.ts'
import { util } from '../../../platform/node/node-util.ts'
import type { FromWorker, ToWorker } from '../wire/messages.ts'

type Listen = Parameters<OpenAppPort>[2]

interface Waiting {
  readonly server: Server
  readonly call: ListenCall
  readonly listen: Listen
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
      ...{ server, call, listen },
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
      Reflect.apply(listen, server, [handle, call.asked.backlog ?? undefined])
    } else (handle as { close(): void }).close()
  }

  refused({ request, code }: Extract<ToWorker, { type: 'app-port-refused' }>): void {
    using waiting = this.#take(request)
    if (!waiting) return
    const { server, call, listen } = waiting
    if (code !== null) server.emit('error', errorOf(code, call.asked))
    else Reflect.apply(listen, server, [optionsOf(call.asked)])
  }

  #take(request: number): Waiting | undefined {
    const waiting = this.#waiting.get(request)
    this.#waiting.delete(request)
    return waiting
  }
}

function optionsOf({ address, backlog, flags }: AskedListen): object {
  if (address.kind !== 'tcp') throw new TypeError('only a port is asked for')
  return {
    port: address.port,
    ...(address.host !== null && { host: address.host }),
    ...(backlog !== null && { backlog }),
    ...Object.fromEntries(flags.map((flag) => [flag, true])),
  }
}

/** As Node's own error of `listen()`. */
function errorOf(code: string, { address }: AskedListen): Error {
  const [errno, text] = [...util.getSystemErrorMap()].flatMap(([number, [name, text]]) =>
    name === code ? [number, text] : [],
  ) as [number?, string?]
  const where = address.kind === 'tcp' ? { address: address.host ?? '::', port: address.port } : {}
  return Object.assign(new Error(`listen ${code}: ${text ?? 'it failed'} ${describeAsked(address)}`), {
    ...{ code, errno, syscall: 'listen' },
    ...where,
  })
}
