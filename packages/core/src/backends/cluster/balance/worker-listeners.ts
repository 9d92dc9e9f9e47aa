import { codeOf, messageOf } from '../../../errors/thrown.ts'
import type { Logger } from '../../../log/logger.ts'
import { acceptFrom } from '../../../platform/net/accept-from.ts'
import { AcceptRecord } from '../../../platform/net/accept-watch.ts'
import { closeAfterQueue } from '../../../platform/net/close-after-queue.ts'
import { closeListeners, type Listener } from '../../../platform/net/listener.ts'
import type { AppServer } from '../../../serve/app-server.ts'
import { tellAcceptErrors } from '../../tell-accept-errors.ts'
import type { FromWorker, ToWorker } from '../wire/messages.ts'

type ListenersMessage = Extract<
  ToWorker,
  { type: 'unlisten' | 'leave' | 'unlisten-all' | 'watch-accepts' | 'forget-accepts' | 'which-accepted' }
>

/** A worker's side of sockets that the primary holds: accepts from those that it is given. */
export class WorkerListeners {
  readonly #tell: (message: FromWorker) => void
  readonly #listeners = new Map<number, Listener>()
  #server: AppServer | undefined
  #onAcceptError: (error: Error) => void = () => undefined
  #closing: Promise<void> | undefined
  /** `null`: it is not asked. */
  #accepts: AcceptRecord | null = null

  constructor(tell: (message: FromWorker) => void) {
    this.#tell = tell
  }

  /** To be called before the worker says that it is ready: nothing is given to it before. */
  serve(server: AppServer, log: Logger): void {
    this.#server = server
    this.#onAcceptError = tellAcceptErrors(log)
  }

  /** Answers with the number of the message. */
  async listen(
    number: number,
    { socket: id, address, backlog, redirection, isOurs }: Extract<ToWorker, { type: 'listen' }>,
    handle: object,
  ): Promise<void> {
    try {
      const server = await acceptFrom(handle, {
        backlog,
        onAcceptError: this.#onAcceptError,
        onConnection: (socket) =>
          redirection ? this.#server?.redirect(socket, redirection) : this.#server?.accept(socket),
      })
      this.#accepts?.follow(server)
      this.#listeners.set(id, { address, server, ...(isOurs && { isOurs }) })
      if (!redirection) this.#server?.opened([address])
      this.#tell({ type: 'listening', number })
    } catch (error) {
      this.#tell({ type: 'listen-failed', number, code: codeOf(error) || messageOf(error) })
    }
  }

  receive(message: ListenersMessage): void {
    switch (message.type) {
      case 'unlisten':
        this.#close(message.socket)
        return
      case 'leave':
        for (const id of this.#listeners.keys()) this.#close(id)
        this.#tell({ type: 'left' })
        return
      case 'unlisten-all':
        this.#closing = closeAfterQueue([...this.#listeners.values()])
        return
      case 'watch-accepts':
        this.#watch(new AcceptRecord())
        this.#tell({ type: 'watching-accepts', request: message.request })
        return
      case 'forget-accepts':
        this.#watch(null)
        return
      case 'which-accepted':
        this.#tell({
          type: 'accepted-of',
          request: message.request,
          indexes: message.connections.flatMap((ends, index) => (this.#accepts?.has(ends) ? index : [])),
        })
        return
    }
  }

  /** Resolves when nothing is accepted any more. Others have the sockets too, unless the whole server stops. */
  async close(): Promise<void> {
    this.#closing ??= Promise.resolve(closeListeners([...this.#listeners.values()]))
    await this.#closing
  }

  #watch(record: AcceptRecord | null): void {
    this.#accepts?.[Symbol.dispose]()
    this.#accepts = record
    for (const { server } of this.#listeners.values()) this.#accepts?.follow(server)
  }

  #close(id: number): void {
    const listener = this.#listeners.get(id)
    if (listener) closeListeners([listener])
    this.#listeners.delete(id)
  }
}
