import type { IncomingMessage } from 'node:http'
import type { FrontParts } from '../front-parts.ts'
import type { ResponseHead } from '../parser/response-head.ts'
import type { Upstream } from '../upstream/upstream.ts'
import type { ConnectionUse, UpstreamConnection } from '../upstream/upstream-connection.ts'
import { isFailure, isUnsent, type UpstreamFault } from '../upstream/upstream-fault.ts'
import type { UpgradeClient } from './upgrade-client.ts'

/** Asks an upstream to switch protocols, and passes bytes both ways once it has. The upstream may answer as to any other request instead. */
export class ProxiedUpgrade implements ConnectionUse {
  /** The connection is never used again. */
  readonly isRequestSent = false
  readonly #parts: FrontParts
  readonly #request: IncomingMessage
  readonly #client: UpgradeClient
  readonly #tried: Upstream[] = []
  #upstream: Upstream | null = null
  #connection: UpstreamConnection | null = null
  #hasSwitched = false
  #hasAnswered = false
  #isEventStream = false
  #isOver = false

  constructor(parts: FrontParts, { request, client }: { request: IncomingMessage; client: UpgradeClient }) {
    this.#parts = parts
    this.#request = request
    this.#client = client
  }

  start(): void {
    this.#client.onClose(() => {
      if (!this.#isOver) this.#connection?.destroy()
      this.#finish()
    })
    this.#client.onDrain(() => {
      this.#limitSilence()
      this.#connection?.resume()
    })
    this.#tryNext(null)
  }

  onConnected(): void {
    this.#connection?.write(this.#client.head)
    this.#connection?.limit(this.#parts.pool.limits.responseMs, 'response-late')
  }

  onDrain(): void {
    if (this.#hasSwitched) this.#client.readable.resume()
  }

  onReadAll(): void {}

  onInformation(): void {}

  onHead(head: ResponseHead): void {
    this.#client.answer(head)
    this.#hasAnswered = true
    this.#isEventStream = head.isEventStream
    this.#limitSilence()
  }

  onBody(bytes: string | Buffer): void {
    this.#limitSilence()
    this.#pass(bytes)
  }

  onEnd(): void {
    this.#finish()
    this.#client.end()
  }

  onSwitched(head: ResponseHead): void {
    const connection = this.#connection as UpstreamConnection
    const fault = this.#client.judge(head)
    if (fault !== null) {
      connection.destroy()
      this.onFailed({ kind: 'invalid', reason: fault })
      return
    }
    this.#hasSwitched = true
    this.#upstream?.becomeEndless()
    connection.limit(0, 'silent')
    this.#client.accept(head)
    const { readable } = this.#client
    readable.on('data', (bytes: Buffer) => {
      if (!connection.write(bytes)) readable.pause()
    })
    readable.on('end', () => connection.end())
  }

  onSwitchedBytes(bytes: Buffer): void {
    this.#pass(bytes)
  }

  onDropped(): void {
    if (this.#isOver) return
    this.#finish()
    this.#client.destroy()
  }

  onFailed(fault: UpstreamFault): void {
    if (this.#isOver) return
    if (this.#hasSwitched) {
      this.#finish()
      if (fault.isEnd) this.#client.end()
      else this.#client.destroy()
      return
    }
    if (isFailure(fault.kind)) this.#upstream?.fail()
    this.#endLease()
    if (isUnsent(fault.kind)) this.#tryNext(fault)
    else this.#fail(fault)
  }

  #tryNext(fault: UpstreamFault | null): void {
    const upstream = this.#parts.pool.pick(this.#request, this.#tried)
    const { instead } = this.#parts
    if (!upstream && instead) {
      this.#isOver = true
      instead()
      return
    }
    if (!upstream) {
      this.#fail(fault ?? { kind: 'none-ready', reason: 'no upstream takes requests' })
      return
    }
    this.#tried.push(upstream)
    upstream.begin()
    this.#upstream = upstream
    this.#connection = upstream.newConnection()
    this.#connection.take(this, { isHead: this.#client.isHead, isUpgrade: true })
  }

  /** Of an answer; another protocol may be silent for as long as it likes. */
  #limitSilence(): void {
    if (!this.#hasAnswered) return
    this.#connection?.limit(this.#isEventStream ? 0 : this.#parts.pool.limits.silenceMs, 'silent')
  }

  #pass(bytes: string | Buffer): void {
    if (!this.#isOver && !this.#client.write(bytes)) this.#connection?.pause()
  }

  #fail(fault: UpstreamFault): void {
    this.#isOver = true
    this.#parts.onFault(fault, this.#request)
    if (this.#hasAnswered) this.#client.destroy()
    else this.#client.answerFault(fault.kind)
  }

  #finish(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#endLease()
  }

  #endLease(): void {
    this.#upstream?.end({ isEndless: this.#hasSwitched })
    this.#upstream = null
  }
}
