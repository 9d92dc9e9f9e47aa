import { AcceptExchange } from '../balance/accept-exchange.ts'
import { AppPortExchange, type OpenHeldPort } from '../balance/app-port-exchange.ts'
import { ListenExchange } from '../balance/listen-exchange.ts'
import type { FromWorker } from '../wire/messages.ts'
import { LogExchange } from './log-exchange.ts'
import { SiblingsExchange } from './siblings-exchange.ts'
import { TlsExchange } from './tls-exchange.ts'
import type { WorkerChannel } from './worker-channel.ts'

/** Answers to what the primary asked, and the questions of the worker itself. All else a worker sends unasked. */
export type ExchangedMessage = Extract<
  FromWorker,
  {
    type:
      | 'tls-prepared'
      | 'tls-committed'
      | 'tls-failed'
      | 'listening'
      | 'listen-failed'
      | 'left'
      | 'open-app-port'
      | 'watching-accepts'
      | 'accepted-of'
      | 'siblings-known'
      | 'logs-reopened'
  }
>

/** What the primary and one worker ask each other. */
export class WorkerExchanges {
  readonly tls: TlsExchange
  readonly listening: ListenExchange
  readonly accepts: AcceptExchange
  readonly siblings: SiblingsExchange
  readonly logs: LogExchange
  readonly #appPorts: AppPortExchange

  constructor(
    channel: WorkerChannel,
    {
      awaitAnswer,
      openAppPort,
    }: {
      /** Ends a worker that does not answer in time. */
      awaitAnswer: (answered: Promise<unknown>) => void
      openAppPort: OpenHeldPort
    },
  ) {
    this.tls = new TlsExchange({ send: (message) => channel.send(message), awaitAnswer })
    this.listening = new ListenExchange(channel, { awaitAnswer })
    this.accepts = new AcceptExchange({ send: (message) => channel.send(message), awaitAnswer })
    this.siblings = new SiblingsExchange((message) => channel.send(message))
    this.logs = new LogExchange((message) => channel.send(message))
    this.#appPorts = new AppPortExchange(channel, openAppPort)
  }

  /** Returns false for a message that nothing has asked for. */
  receive(message: ExchangedMessage): boolean {
    switch (message.type) {
      case 'tls-prepared':
      case 'tls-committed':
      case 'tls-failed':
        return this.tls.receive(message)
      case 'listening':
      case 'listen-failed':
        return this.listening.receive(message)
      case 'left':
        return this.listening.left()
      case 'open-app-port':
        return this.#appPorts.receive(message)
      case 'watching-accepts':
      case 'accepted-of':
        return this.accepts.receive(message)
      case 'siblings-known':
        return this.siblings.receive(message)
      case 'logs-reopened':
        return this.logs.receive(message)
    }
  }

  /** A message came without its socket. Returns false when it belongs to no exchange. */
  missed(number: number): boolean {
    return this.listening.missed(number) || this.#appPorts.missed(number)
  }

  /** The worker has ended. */
  end(): void {
    for (const exchange of [this.tls, this.listening, this.#appPorts, this.accepts, this.siblings, this.logs])
      exchange.end()
  }
}
