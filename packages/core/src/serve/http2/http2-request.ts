import { EventEmitter } from 'node:events'
import type { IncomingMessage } from 'node:http'
import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2'
import type { Readable, ReadableOptions } from 'node:stream'
import { distinctFields } from './distinct-fields.ts'
import { rememberStream } from './http2-exchange.ts'
import { rememberFacts } from './http2-facts.ts'
import { readFields } from './read-fields.ts'

type NodeRequest = typeof import('node:http2').Http2ServerRequest

/** What is used of Node's class: what it has as accessors, a request over HTTP/1.1 has as properties of its own, which an app may assign. */
declare class Base extends Readable {
  get trailers(): IncomingHttpHeaders
  get rawTrailers(): string[]
}

type BaseConstructor = new (...given: ConstructorParameters<NodeRequest>) => Base

/**
 * Makes the class of the requests over HTTP/2, on top of Node's. An app that was written for HTTP/1.1 sees nothing else in them: no
 * pseudo-header fields, `Host`, cookies in one field (RFC 9113 section 8.2.3), `Transfer-Encoding: chunked` for a body of unknown length, and
 * an error when the client goes away before the body is complete.
 */
export function http2RequestClass(Node: NodeRequest, sensitive: symbol): NodeRequest {
  class Http2Request extends (Node as unknown as typeof Base & BaseConstructor) {
    headers: IncomingMessage['headers']
    rawHeaders: string[]
    method: string
    url: string
    authority: string
    scheme: string
    httpVersion = '2.0'
    httpVersionMajor = 2
    httpVersionMinor = 0

    constructor(
      stream: ServerHttp2Stream,
      headers: IncomingHttpHeaders,
      options: ReadableOptions | undefined,
      rawHeaders: readonly string[],
    ) {
      // What follows a CONNECT is not a body (RFC 9113 section 8.5).
      const mayHaveBody = !stream.endAfterHeaders && headers[':method'] !== 'CONNECT'
      const read = readFields(rawHeaders, headers, { mayHaveBody })
      // Node's class emits 'close' itself when the stream has closed, and it must not come twice.
      super(stream, headers, { ...options, emitClose: false }, rawHeaders)
      this.headers = read.headers
      this.rawHeaders = read.rawHeaders
      this.method = headers[':method'] ?? ''
      this.url = headers[':path'] ?? ''
      this.authority = read.headers.host ?? ''
      this.scheme = headers[':scheme'] ?? ''
      rememberFacts(this, read)
      rememberStream(this, stream)
      stream.on('aborted', () => this.#breakOff())
    }

    get headersDistinct(): NodeJS.Dict<string[]> {
      return distinctFields(this.rawHeaders)
    }

    override get trailers(): IncomingHttpHeaders {
      const trailers = super.trailers
      // Node copies the one of its own lists of fields.
      if (sensitive in trailers) Reflect.deleteProperty(trailers, sensitive)
      return trailers
    }

    get trailersDistinct(): NodeJS.Dict<string[]> {
      return distinctFields(this.rawTrailers)
    }

    /** As over HTTP/1.1, the error is for listeners alone: without one it would end the process. */
    override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
      // Not by a method of the request: an app may replace its prototype.
      const count = (): number => EventEmitter.prototype.listenerCount.call(this, 'error')
      process.nextTick(() => callback(count() > 0 ? error : null))
    }

    /** Node's class ends the body instead, and an app takes half an upload for all of it. */
    #breakOff(): void {
      try {
        if (!this.readableEnded) super.destroy(Object.assign(new Error('aborted'), { code: 'ECONNRESET' }))
      } catch {
        // The app has frozen it, or taken its stream away.
      }
    }
  }
  return Http2Request as unknown as NodeRequest
}
