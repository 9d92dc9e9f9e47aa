import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ServerHttp2Stream } from 'node:http2'
import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { factsGiven } from '../../app/request/client-facts.ts'
import { plainAddress } from '../../platform/net/address/plain-address.ts'
import { isSent } from '../../platform/node/internals/is-sent.ts'
import { isBytes } from '../../platform/node/is-bytes.ts'
import { nodeHttp2 } from '../../platform/node/node-http2.ts'
import type { AccessRecord } from './access-log-line.ts'
import { statusPast } from './refused-in-flight.ts'

/** Calls back once, when the response has ended or its connection is gone. */
export function observeRequest(
  request: IncomingMessage,
  response: ServerResponse,
  {
    stream,
    worker,
    abandonedStatus,
    onEnd,
  }: {
    /** `null` over HTTP/1. */
    stream: ServerHttp2Stream | null
    worker: number | null
    /** If the client leaves before the response. */
    abandonedStatus: number
    onEnd: (record: AccessRecord) => void
  },
): void {
  const { method, socket } = request
  const record = describeRequest(request, { worker })
  const countedBytes = countBodyBytes(response, stream)

  // `once()` would need a method of the response, whose prototype an app may replace; it is emitted once.
  response.on('close', () => {
    onEnd(
      record({
        status: response.headersSent ? sentStatus(response) : (statusPast(response) ?? abandonedStatus),
        bytes: method === 'HEAD' ? 0 : countedBytes(),
        complete: isComplete({ response, stream, socket }),
      }),
    )
  })
}

/** Remembers what a record says of a request, and returns a function that adds what has become of it. */
export function describeRequest(
  request: IncomingMessage,
  { worker }: { worker: number | null },
): (end: Pick<AccessRecord, 'status' | 'bytes' | 'complete'>) => AccessRecord {
  const started = performance.now()
  const at = new Date()
  const { socket, method = '', url = '', httpVersion } = request
  // Both are gone from the socket once it is closed.
  const facts = factsGiven(request)
  const remoteAddress = (facts ? facts.address : addressOf(socket)) ?? '-'
  const tlsVersion = (socket as Partial<TLSSocket>).getProtocol?.() ?? null
  // The app may change what it gets.
  const { referer, 'user-agent': userAgent } = request.headers
  return ({ status, bytes, complete }) => ({
    at,
    remoteAddress,
    method,
    target: url,
    httpVersion,
    status,
    bytes,
    durationMs: Math.round((performance.now() - started) * 10) / 10,
    referer,
    userAgent,
    tlsVersion,
    worker,
    pid: process.pid,
    complete,
  })
}

/** `null` on a UNIX domain socket. */
function addressOf({ remoteAddress }: Socket): string | null {
  return remoteAddress === undefined ? null : plainAddress(remoteAddress)
}

/** A response, and what it is sent on. */
export interface SentOn {
  readonly response: ServerResponse
  /** `null` over HTTP/1. */
  readonly stream: ServerHttp2Stream | null
  readonly socket: Socket
}

/** Whether a response that is closed was sent to its end. Over HTTP/2, it counts as finished when its stream is closed, by either side. */
export function isComplete({ response, stream, socket }: SentOn): boolean {
  return stream
    ? response.writableEnded && stream.rstCode === nodeHttp2().constants.NGHTTP2_NO_ERROR
    : isSent(response, socket)
}

/** An app may set it to anything once it is sent. */
function sentStatus({ statusCode }: ServerResponse): number {
  return Number.isInteger(statusCode) ? statusCode : 0
}

/** `bytesWritten` of the socket counts headers, framing and other responses too, so the body is counted as it is written. */
function countBodyBytes(response: ServerResponse, stream: ServerHttp2Stream | null): () => number {
  let bytes = 0
  const count = ([chunk, encoding]: readonly unknown[]): void => {
    if (typeof chunk === 'string')
      bytes += Buffer.byteLength(chunk, typeof encoding === 'string' ? (encoding as BufferEncoding) : 'utf8')
    else if (isBytes(chunk)) bytes += chunk.byteLength
  }
  // Over HTTP/2, `end()` passes its chunk to `write()`.
  for (const name of stream ? (['write'] as const) : (['write', 'end'] as const)) {
    const original = response[name] as (...args: unknown[]) => unknown
    Object.assign(response, {
      [name]: (...args: unknown[]) => {
        count(args)
        return original.apply(response, args)
      },
    })
  }
  return () => bytes
}
