import type { IncomingMessage, ServerResponse } from 'node:http'
import { refuseRequest } from '../serve/request/refuse-request.ts'
import { whenRefused } from '../serve/request/refused-in-flight.ts'
import { answerFault } from './answer-fault.ts'
import type { FrontParts } from './front-parts.ts'
import type { RequestHead } from './headers/request-head.ts'
import type { ResponseHead } from './parser/response-head.ts'
import { passInformation } from './pass-information.ts'
import { RequestBody } from './request-body.ts'
import { endUnreadRequest } from './unread-request.ts'
import type { Upstream } from './upstream/upstream.ts'
import type { ConnectionUse, UpstreamConnection } from './upstream/upstream-connection.ts'
import { isFailure, isUnsent, type UpstreamFault } from './upstream/upstream-fault.ts'

/** RFC 9110 section 9.2.2. */
const idempotent: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'TRACE'])

/**
 * Passes a request on to an upstream, and the answer back to the client. One that was pipelined is sent when the answers before it are complete: on a
 * connection of its own it could overtake them, which RFC 9112 section 9.3.2 allows for safe methods alone.
 */
export function proxyRequest(
  parts: FrontParts,
  exchange: { request: IncomingMessage; response: ServerResponse },
): void {
  const { request, response } = exchange
  // Node assigns the connection to a response of HTTP/1.1 when it is its turn, and never if the connection ends before that.
  const isPipelined = request.httpVersionMajor === 1 && response.socket === null
  if (isPipelined) response.on('socket', () => pass(parts, exchange))
  else pass(parts, exchange)
}

function pass(
  parts: FrontParts,
  { request, response }: { request: IncomingMessage; response: ServerResponse },
): void {
  const head = parts.writeHead(request)
  if (typeof head === 'number') refuseRequest(response, { status: head })
  else new ProxiedRequest(parts, { request, response, head }).start()
}

/** One request on its way. Small answers are held until they are complete, or until nothing more is there to read: then they leave in one piece. */
class ProxiedRequest implements ConnectionUse {
  readonly #parts: FrontParts
  readonly #request: IncomingMessage
  readonly #response: ServerResponse
  readonly #head: RequestHead
  readonly #body: RequestBody | null
  #upstream: Upstream | null = null
  #connection: UpstreamConnection | null = null
  readonly #tried: Upstream[] = []
  #wasRetried = false
  /** Perhaps only in part, or to an upstream that has closed the connection since. */
  #wasSent = false
  /** May be silent for as long as it likes. */
  #isEventStream = false
  /** A stream that only ends when one side goes away. */
  #isEndless = false
  #waitsForClient = false
  #isOver = false
  /** Of the answer, as long as it waits for the first part of its body. */
  #heldHead: ResponseHead | null = null
  #heldBody = ''

  constructor(
    parts: FrontParts,
    { request, response, head }: { request: IncomingMessage; response: ServerResponse; head: RequestHead },
  ) {
    this.#parts = parts
    this.#request = request
    this.#response = response
    this.#head = head
    this.#body =
      head.body === 'none' ? null : new RequestBody(request, { isChunked: head.body === 'chunked' })
  }

  get isRequestSent(): boolean {
    return this.#body === null || this.#body.isSent
  }

  start(): void {
    this.#response.on('close', () => this.#onClientGone())
    // Known before anything is sent, if it is the head that makes the parser refuse the body.
    if (this.#body) whenRefused(this.#response, () => this.#onClientGone())
    if (!this.#isOver) this.#tryNext(null)
  }

  onConnected(): void {
    const connection = this.#connection as UpstreamConnection
    const { responseMs } = this.#parts.pool.limits
    this.#wasSent = true
    if (this.#body) {
      connection.limit(0, 'response-late')
      this.#body.sendTo(connection, { head: this.#head.text, responseMs })
    } else {
      connection.write(this.#head.text)
      connection.limit(responseMs, 'response-late')
    }
  }

  onDrain(): void {
    this.#body?.resume()
  }

  onInformation(head: ResponseHead): void {
    if (!this.#isOver) passInformation(head, { request: this.#request, response: this.#response })
  }

  onHead(head: ResponseHead): void {
    if (this.#isOver) return
    this.#heldHead = head
    this.#isEventStream = head.isEventStream
    if (head.isEventStream && this.#request.method === 'GET') {
      this.#isEndless = true
      this.#upstream?.becomeEndless()
    }
    this.#limitSilence()
  }

  onBody(bytes: string | Buffer): void {
    if (this.#isOver) return
    if (this.#heldHead && typeof bytes === 'string') {
      this.#heldBody += bytes
      return
    }
    this.#writeHeld()
    this.#limitSilence()
    this.#write(bytes)
  }

  onReadAll(): void {
    if (!this.#heldHead || this.#isOver) return
    this.#writeHeld()
    // Else the client would wait for it until the body begins.
    this.#response.flushHeaders()
  }

  onEnd(trailers: readonly string[]): void {
    if (this.#isOver) return
    const response = this.#response
    const held = this.#heldHead
    if (held && trailers.length === 0) {
      this.#heldHead = null
      const isLengthKnown = held.contentLength === null && mayHaveBody(held, this.#request)
      this.#writeHead(held, isLengthKnown ? this.#heldBody.length : held.contentLength)
      this.#release()
      response.end(this.#heldBody, 'latin1')
    } else {
      this.#writeHeld()
      this.#release()
      if (trailers.length > 0) response.addTrailers(pairsOf(trailers))
      response.end()
    }
    if (!this.isRequestSent) endUnreadRequest(this.#request, response)
  }

  onSwitched(): void {}

  onSwitchedBytes(): void {}

  onDropped(): void {
    if (this.#isOver) return
    this.#release()
    this.#response.destroy()
  }

  onFailed(fault: UpstreamFault): void {
    if (this.#isOver) return
    const connection = this.#connection as UpstreamConnection
    const upstream = this.#upstream as Upstream
    this.#endLease()
    if (isFailure(fault.kind) && !connection.isKept) upstream.fail()
    // Nothing was sent: another one may take it.
    if (isUnsent(fault.kind)) {
      this.#tried.push(upstream)
      this.#tryNext(fault)
    } else this.#retry(upstream, fault, { isKept: connection.isKept })
  }

  /** An instance that dies closes its connections before its listener, and would close a new one too. So another instance is preferred. */
  #retry(upstream: Upstream, fault: UpstreamFault, { isKept }: { isKept: boolean }): void {
    const mayRetry = fault.kind === 'closed' && !this.#wasRetried && this.#mayRetry()
    const other = mayRetry ? this.#parts.pool.pick(this.#request, [...this.#tried, upstream]) : null
    // One that closes a new connection may do so with each request. It may also have died with the connection.
    if (!mayRetry || (other === null && !isKept)) {
      this.#fail(fault)
      return
    }
    this.#wasRetried = true
    this.#lease(other ?? upstream, { isNew: true })
  }

  #mayRetry(): boolean {
    return this.#body === null && idempotent.has(this.#request.method ?? '')
  }

  #tryNext(fault: UpstreamFault | null): void {
    const upstream = this.#parts.pool.pick(this.#request, this.#tried)
    const { instead } = this.#parts
    if (upstream) this.#lease(upstream, { isNew: false })
    else if (instead && !this.#wasSent) {
      this.#isOver = true
      instead()
    } else this.#fail(fault ?? { kind: 'none-ready', reason: 'no upstream takes requests' })
  }

  #lease(upstream: Upstream, { isNew }: { isNew: boolean }): void {
    upstream.begin()
    this.#upstream = upstream
    const connection = isNew ? upstream.newConnection() : upstream.connection()
    this.#connection = connection
    if (connection.isConnected) setImmediate(() => this.#takeKept(connection))
    else this.#take(connection)
  }

  #take(connection: UpstreamConnection): void {
    connection.take(this, { isHead: this.#request.method === 'HEAD', isUpgrade: false })
  }

  /**
   * What the upstream has sent unasked may be in the socket, and be read only after the request that is handled now. So a kept connection is taken when all
   * has been read that was there: a connection with such bytes has been closed by then (CVE-2026-48931).
   */
  #takeKept(connection: UpstreamConnection): void {
    const upstream = this.#upstream
    if (this.#isOver || !upstream) return
    if (connection.isDestroyed) {
      this.#endLease()
      this.#lease(upstream.isRetired ? (this.#parts.pool.pick(this.#request) ?? upstream) : upstream, {
        isNew: false,
      })
      return
    }
    this.#take(connection)
    this.onConnected()
  }

  #endLease(): void {
    this.#upstream?.end({ isEndless: this.#isEndless })
    this.#upstream = null
    this.#isEndless = false
    this.#body?.stop()
  }

  #release(): void {
    this.#isOver = true
    this.#endLease()
  }

  #limitSilence(): void {
    const { silenceMs } = this.#parts.pool.limits
    this.#connection?.limit(this.#isEventStream ? 0 : silenceMs, 'silent')
  }

  #writeHeld(): void {
    const held = this.#heldHead
    if (!held) return
    this.#heldHead = null
    this.#writeHead(held, held.contentLength)
    const bytes = this.#heldBody
    this.#heldBody = ''
    if (bytes !== '') this.#write(bytes)
  }

  #writeHead(head: ResponseHead, contentLength: number | null): void {
    const { status, reason, fields, trailer, isChunked } = head
    if (contentLength !== null && status !== 204) fields.push('Content-Length', String(contentLength))
    // Node refuses it where it does not send the body in chunks.
    const mayHaveTrailers = isChunked && contentLength === null && mayHaveBody(head, this.#request)
    if (trailer !== null && mayHaveTrailers && this.#request.httpVersion !== '1.0')
      fields.push('Trailer', trailer)
    const { pool, onLastAnswer } = this.#parts
    if (!head.keepsAlive) onLastAnswer?.(this.#response)
    const cookie = this.#upstream && pool.cookieFor?.(this.#request, this.#upstream)
    if (cookie) fields.push('Set-Cookie', cookie)
    this.#response.writeHead(status, reason, fields)
  }

  #write(bytes: string | Buffer): void {
    const isTaken =
      typeof bytes === 'string' ? this.#response.write(bytes, 'latin1') : this.#response.write(bytes)
    if (isTaken || this.#waitsForClient) return
    this.#waitsForClient = true
    const connection = this.#connection as UpstreamConnection
    connection.pause()
    this.#response.once('drain', () => {
      this.#waitsForClient = false
      // Else the connection may be that of another request by now.
      if (this.#isOver) return
      this.#limitSilence()
      connection.resume()
    })
  }

  #fail(fault: UpstreamFault): void {
    this.#isOver = true
    this.#parts.onFault(fault, this.#request)
    answerFault(this.#response, this.#parts.answers[fault.kind])
    if (!this.isRequestSent) endUnreadRequest(this.#request, this.#response)
  }

  #onClientGone(): void {
    if (this.#isOver) return
    this.#connection?.destroy()
    this.#release()
  }
}

/** Without a length, such a response is sent in chunks. */
function mayHaveBody({ status }: ResponseHead, { method }: IncomingMessage): boolean {
  return method !== 'HEAD' && status !== 204 && status !== 304
}

function pairsOf(fields: readonly string[]): [string, string][] {
  const pairs: [string, string][] = []
  for (let index = 0; index < fields.length; index += 2)
    pairs.push([fields[index] as string, fields[index + 1] as string])
  return pairs
}
