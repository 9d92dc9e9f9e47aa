import type { AskedListen } from '../../../app/listen/asked-listen.ts'
import type { FromWorker, ToWorker, WithSocket } from '../wire/messages.ts'

/** Resolves with the handle of a port, or with the code of the error of bind(2). */
export type OpenHeldPort = (listen: AskedListen) => Promise<{ handle: object } | { code: string }>

/** An app opens a few of them. A worker that asks more often is at fault. */
const mostRequests = 1_000

interface SendingChannel {
  send(message: Exclude<ToWorker, WithSocket>): void
  /** Returns the number of the message. */
  sendWith(message: WithSocket, handle: object): number
}

/** The primary's side of ports that the app of one worker opens itself (`appPorts`). */
export class AppPortExchange {
  readonly #channel: SendingChannel
  readonly #open: OpenHeldPort
  /** By the number of the message. */
  readonly #sent = new Map<number, { readonly request: number }>()
  #requests = 0
  #gone = false

  constructor(channel: SendingChannel, open: OpenHeldPort) {
    this.#channel = channel
    this.#open = open
  }

  /** Returns false for a worker that asks too often. */
  receive({ request, listen }: Extract<FromWorker, { type: 'open-app-port' }>): boolean {
    this.#requests += 1
    if (this.#requests > mostRequests) return false
    void this.#answer(request, listen)
    return true
  }

  /** The message came without its socket: the worker has no free descriptor. Returns false when none was sent under that number. */
  missed(number: number): boolean {
    const sent = this.#sent.get(number)
    if (sent) this.#channel.send({ type: 'app-port-refused', request: sent.request, code: 'EMFILE' })
    return this.#sent.delete(number)
  }

  /** To be called when the worker has ended. */
  end(): void {
    this.#gone = true
  }

  async #answer(request: number, listen: AskedListen): Promise<void> {
    const outcome = await this.#open(listen)
    if (this.#gone) return
    if ('handle' in outcome)
      this.#sent.set(this.#channel.sendWith({ type: 'app-port', request }, outcome.handle), { request })
    else this.#channel.send({ type: 'app-port-refused', request, code: outcome.code })
  }
}
