import type { OutgoingHttpHeader, OutgoingHttpHeaders } from 'node:http'
import type { Http2ServerResponse, ServerHttp2Stream } from 'node:http2'
import type { Stream } from 'node:stream'
import { http } from '../../platform/node/node-http.ts'
import { givenFields } from './given-fields.ts'
import { failure, invalidStatus, refuseChunk, validateReason, validateValue } from './http1-checks.ts'
import { type Http2Progress, rememberStream } from './http2-exchange.ts'
import { respond } from './respond.ts'
import { type FieldValue, isWithoutContent, namedByConnection, sentFields } from './sent-fields.ts'

type NodeResponse = typeof import('node:http2').Http2ServerResponse
type Callback = (error?: Error | null) => void

/** What is used of Node's class. */
interface Base extends Stream {
  readonly stream: AnsweredStream
  readonly headersSent: boolean
  readonly writableEnded: boolean
  sendDate: boolean
  end(callback?: () => void): this
  destroy(error?: Error): unknown
  setTrailer(name: string, value: OutgoingHttpHeader): void
}

/** Node's types lack what says that the request is a HEAD. */
type AnsweredStream = ServerHttp2Stream & { readonly headRequest: boolean }

/** Of a large write; what a client takes in one piece by default (RFC 9113 section 4.2). */
const partSize = 16_384
const longestBacklog = 4 * partSize

/**
 * Makes the class of the responses over HTTP/2, on top of Node's. To an app it behaves as one over HTTP/1.1: the same checks with the same
 * errors at the same time, and methods that Node's class lacks. What may not be sent over HTTP/2 is kept for the app to read, and left out.
 */
export function http2ResponseClass(Node: NodeResponse): NodeResponse {
  class Http2Response extends (Node as unknown as new (stream: AnsweredStream) => Base) {
    statusCode = 200
    statusMessage: string | undefined = undefined
    /** By its name in lower case. */
    readonly #fields = new Map<string, { readonly name: string; readonly value: FieldValue }>()
    readonly #progress: Http2Progress
    #isDestroyed = false
    #hasContent = true

    constructor(stream: AnsweredStream) {
      super(stream)
      this.#progress = rememberStream(this, stream)
      this.#breakOffWithError(stream)
      // One that was pushed has no request, whose class would listen.
      stream.on('error', ignore)
      stream.on('close', () => {
        if (stream.headRequest && !this.writableEnded) this.#endWithConnection()
      })
    }

    get destroyed(): boolean {
      return this.#isDestroyed || this.stream.destroyed
    }

    get closed(): boolean {
      return this.stream.closed && this.stream.destroyed
    }

    get errored(): Error | null {
      return this.stream.errored
    }

    setHeader(name: string, value: OutgoingHttpHeader): this {
      this.#refuseIfSent('set')
      http.validateHeaderName(name)
      validateValue(name, value)
      this.#fields.set(name.toLowerCase(), { name, value })
      return this
    }

    appendHeader(name: string, value: string | readonly string[]): this {
      this.#refuseIfSent('append')
      http.validateHeaderName(name)
      validateValue(name, value)
      const key = name.toLowerCase()
      const before = this.#fields.get(key)
      this.#fields.set(
        key,
        before ? { name: before.name, value: [before.value, value].flat().map(String) } : { name, value },
      )
      return this
    }

    setHeaders(headers: Headers | ReadonlyMap<string, OutgoingHttpHeader>): this {
      this.#refuseIfSent('set')
      const cookies: string[] = []
      // Of `Headers`, each cookie comes on its own.
      for (const [name, value] of givenFields(headers))
        if (name.toLowerCase() === 'set-cookie') cookies.push(...[value].flat().map(String))
        else this.setHeader(name, value as OutgoingHttpHeader)
      if (cookies.length > 0) this.setHeader('set-cookie', cookies)
      return this
    }

    getHeader(name: string): OutgoingHttpHeader | undefined {
      return this.#fields.get(String(name).toLowerCase())?.value as OutgoingHttpHeader | undefined
    }

    hasHeader(name: string): boolean {
      return this.#fields.has(String(name).toLowerCase())
    }

    getHeaderNames(): string[] {
      return [...this.#fields.keys()]
    }

    getRawHeaderNames(): string[] {
      return [...this.#fields.values()].map(({ name }) => name)
    }

    getHeaders(): OutgoingHttpHeaders {
      const headers = Object.create(null) as OutgoingHttpHeaders
      for (const [key, { value }] of this.#fields) headers[key] = value as OutgoingHttpHeader
      return headers
    }

    removeHeader(name: string): void {
      this.#refuseIfSent('remove')
      const key = String(name).toLowerCase()
      if (key === 'date') this.sendDate = false
      this.#fields.delete(key)
    }

    writeHead(status: number, reason?: unknown, given?: unknown): this {
      this.#refuseIfSent('write')
      if (typeof reason === 'string') this.statusMessage = reason
      this.#takeStatus(status)
      const headers = typeof reason === 'string' ? given : (given ?? reason)
      if (headers !== undefined && headers !== null) this.#addFields(headers)
      this.#sendHead({ isAll: false })
      return this
    }

    /** A private method of HTTP/1.1 responses; session and compression middleware call it nevertheless. */
    _implicitHeader(): void {
      this.writeHead(this.statusCode)
    }

    flushHeaders(): void {
      if (!this.headersSent) this.writeHead(this.statusCode)
    }

    write(chunk: unknown, encoding?: unknown, callback?: Callback): boolean {
      if (typeof encoding === 'function') return this.write(chunk, undefined, encoding as Callback)
      refuseChunk(chunk)
      if (this.writableEnded) return this.#refuseLate(callback)
      if (!this.headersSent) this.writeHead(this.statusCode)
      if (!this.#hasContent) {
        if (callback) process.nextTick(callback)
        return true
      }
      if (this.#isGone) {
        if (callback)
          process.nextTick(
            callback,
            failure(Error, 'ERR_STREAM_DESTROYED', 'Cannot call write after a stream was destroyed'),
          )
        return false
      }
      return this.#writeInParts(
        chunk as string | Uint8Array,
        encoding as BufferEncoding | undefined,
        callback,
      )
    }

    override end(...given: unknown[]): this {
      const callback = given.find((one) => typeof one === 'function') as Callback | undefined
      const [chunk, encoding] = given
      const hasChunk = chunk !== undefined && chunk !== null && typeof chunk !== 'function'
      if (this.writableEnded) {
        if (hasChunk) this.#refuseLate(callback)
        else if (callback)
          process.nextTick(
            callback,
            failure(Error, 'ERR_STREAM_ALREADY_FINISHED', 'Cannot call end after a stream was finished'),
          )
        return this
      }
      if (hasChunk) this.write(chunk, typeof encoding === 'function' ? undefined : encoding)
      else if (!this.headersSent) {
        this.#takeStatus(this.statusCode)
        this.#sendHead({ isAll: true })
      }
      return super.end(callback as () => void)
    }

    override destroy(error?: Error): this {
      if (!this.#isDestroyed) {
        this.#isDestroyed = true
        super.destroy(error)
      }
      return this
    }

    override setTrailer(name: string, value: OutgoingHttpHeader): void {
      http.validateHeaderName(name)
      validateValue(name, value)
      const key = name.toLowerCase()
      const sent = sentFields([[key, value]], { status: null, named: [] })[key]
      // It frames a message, so it must not follow it as a trailer (RFC 9110 section 6.5.1).
      if (sent !== undefined && key !== 'content-length') super.setTrailer(key, sent as string)
    }

    addTrailers(headers: unknown): void {
      for (const [name, value] of givenFields(headers)) this.setTrailer(name, value as OutgoingHttpHeader)
    }

    writeContinue(callback?: () => void): void {
      this.#inform(100, {}, callback)
    }

    writeProcessing(callback?: () => void): void {
      this.#inform(102, {}, callback)
    }

    writeEarlyHints(hints: OutgoingHttpHeaders, callback?: () => void): void {
      this.#inform(103, hints, callback)
    }

    writeInformation(status: number, headers?: unknown, callback?: () => void): void {
      if (!Number.isInteger(status) || status < 100 || status > 199 || status === 101)
        throw invalidStatus(status)
      this.#inform(status, Object.fromEntries(givenFields(headers ?? {})) as OutgoingHttpHeaders, callback)
    }

    createPushResponse(
      headers: OutgoingHttpHeaders,
      callback: (error: Error | null, response: Http2ServerResponse) => void,
    ): void {
      if (this.#isGone) {
        process.nextTick(
          callback,
          failure(Error, 'ERR_HTTP2_INVALID_STREAM', 'The stream has been destroyed'),
        )
        return
      }
      this.stream.pushStream(headers, (error, stream) =>
        callback(
          error,
          (error ? undefined : new Http2Response(stream as AnsweredStream)) as unknown as Http2ServerResponse,
        ),
      )
    }

    /** Node's class says that an answer has finished when its client has gone away too. */
    override emit(event: string | symbol, ...given: unknown[]): boolean {
      if (event === 'finish' && (!this.writableEnded || this.stream.rstCode !== 0)) return false
      return super.emit(event, ...given)
    }

    get #isGone(): boolean {
      return this.#isDestroyed || this.stream.destroyed || this.stream.closed
    }

    #refuseIfSent(what: string): void {
      if (this.headersSent)
        throw failure(
          Error,
          'ERR_HTTP_HEADERS_SENT',
          `Cannot ${what} headers after they are sent to the client`,
        )
    }

    #takeStatus(status: number): void {
      const code = status | 0
      // What is not final can't be the answer, and over HTTP/2 there is nothing to switch to (RFC 9113 section 8.6).
      if (code < 200 || code > 999) throw invalidStatus(status)
      this.statusCode = code
      this.statusMessage ||= http.STATUS_CODES[code] ?? 'unknown'
      validateReason(this.statusMessage)
    }

    #addFields(given: unknown): void {
      const fields = givenFields(given)
      if (Array.isArray(given)) {
        for (const [name] of fields) if (this.hasHeader(name)) this.removeHeader(name)
        for (const [name, value] of fields) this.appendHeader(name, value as string)
      } else for (const [name, value] of fields) this.setHeader(name, value as OutgoingHttpHeader)
    }

    #sendHead({ isAll }: { isAll: boolean }): void {
      // A client that has gone away needs no answer.
      if (this.#isGone) return
      const { stream, statusCode, sendDate } = this
      const pairs = [...this.#fields].map(([key, { value }]) => [key, value] as const)
      const headers = sentFields(pairs, {
        status: statusCode,
        named: namedByConnection(this.#fields.get('connection')?.value),
      })
      this.#hasContent = !stream.headRequest && !isWithoutContent(statusCode)
      respond(
        stream,
        { ...headers, ':status': statusCode },
        { endStream: isAll, waitForTrailers: true, sendDate },
      )
    }

    /**
     * A client that takes some of a large write is seen to take it only if the write has parts, which are sent one by one. A trick where many are
     * waiting: without `_writev`, which a stream may lack, `Writable` hands them over singly.
     */
    #writeInParts(
      chunk: string | Uint8Array,
      encoding: BufferEncoding | undefined,
      callback?: Callback,
    ): boolean {
      const { stream } = this
      if (stream.writableLength > longestBacklog) Object.assign(stream, { _writev: null })
      const onTaken = (error?: Error | null): void => {
        this.#progress.written += 1
        callback?.(error)
      }
      if (chunk.length <= partSize) return stream.write(chunk, encoding as BufferEncoding, onTaken)
      const bytes = typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk
      Object.assign(stream, { _writev: null })
      for (let from = 0; from < bytes.length - partSize; from += partSize)
        stream.write(bytes.subarray(from, from + partSize), () => {
          this.#progress.written += 1
        })
      const rest = bytes.length % partSize || partSize
      return stream.write(bytes.subarray(bytes.length - rest), onTaken)
    }

    #inform(status: number, given: OutgoingHttpHeaders, callback?: () => void): void {
      const fields = Object.entries(given).map(([name, value]) => {
        http.validateHeaderName(name)
        validateValue(name, value)
        return [name.toLowerCase(), value as FieldValue] as const
      })
      if (!this.headersSent && !this.#isGone)
        this.stream.additionalHeaders({ ...sentFields(fields, { status, named: [] }), ':status': status })
      if (callback) process.nextTick(callback)
    }

    /**
     * A trick: the stream's own `destroy()` is replaced, which `request.socket.destroy()` of an app reaches too. Without an error it resets the stream
     * with NO_ERROR, and a client would mistake half an answer for a whole one.
     */
    #breakOffWithError(stream: AnsweredStream): void {
      const { destroy } = stream
      stream.destroy = (error) => {
        const isHalf = !this.writableEnded && !stream.closed
        return destroy.call(stream, error ?? (isHalf ? failure(Error, 'ECONNRESET', 'aborted') : undefined))
      }
    }

    #refuseLate(callback: Callback | undefined): false {
      const error = failure(Error, 'ERR_STREAM_WRITE_AFTER_END', 'write after end')
      process.nextTick(emitWriteAfterEnd, this, { error, callback })
      return false
    }

    /**
     * The stream of a HEAD request closes with the head. Node's class then waits for `end()` before it says so, forever if the client
     * has gone away and the app waits for just that.
     */
    #endWithConnection(): void {
      const { session } = this.stream
      const end = (): void => {
        if (this.writableEnded) return
        try {
          super.end()
        } catch {
          // A `writeHead()` of the app, which Node's class calls.
          super.emit('close')
        }
      }
      if (this.stream.rstCode !== 0 || !session || session.destroyed) end()
      else {
        session.setMaxListeners(0)
        session.once('close', end)
        this.once('close', () => session.off('close', end))
      }
    }
  }
  return Http2Response as unknown as NodeResponse
}

/** A named function, so that a stack of what a listener of the app throws shows where it comes from. */
function emitWriteAfterEnd(
  response: Http2ServerResponse,
  { error, callback }: { error: Error; callback: Callback | undefined },
): void {
  callback?.(error)
  if (!response.destroyed) response.emit('error', error)
}

function ignore(): void {}
