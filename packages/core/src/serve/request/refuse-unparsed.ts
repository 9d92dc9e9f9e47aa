import type { Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { plainAddress } from '../../platform/net/address/plain-address.ts'
import { isHarmlessRequest } from '../../verify/probes/harmless-request.ts'
import type { OpenConnections } from '../connections/open-connections.ts'
import type { AccessRecord } from './access-log-line.ts'
import { answerRaw, watchRawAnswer } from './raw-answer.ts'
import { refuseInFlight } from './refused-in-flight.ts'
import { unparsedRequest } from './unparsed-request.ts'

type ParseError = NodeJS.ErrnoException & { readonly rawPacket?: Buffer; readonly bytesParsed?: number }

/**
 * Answers what Node's parser refuses, and puts it in the access log. Node's own answer would come before those of requests that were complete,
 * and be taken for one of theirs. Where the app has a listener of its own for that, it answers.
 */
export function refuseUnparsed({
  http1,
  open,
  onRecord,
  worker,
  abandonedStatus = 0,
  fieldsFor = () => [],
}: {
  http1: Server
  open: OpenConnections
  /** Absent without an access log. */
  onRecord: ((record: AccessRecord) => void) | undefined
  worker: number | null
  /** Of a request whose client closes the connection within its body. 0: as any other that can't be read. */
  abandonedStatus?: number | undefined
  /** More header fields of the answer to the launcher's own check. */
  fieldsFor?: (bytes: Buffer | undefined) => readonly string[]
}): void {
  const refused = new WeakSet<Socket>()

  const record = (socket: Socket, error: ParseError): ((status: number, bytes: number) => void) => {
    // The launcher's own check of what it serves is not a client's request.
    if (!onRecord || isHarmlessRequest(error.rawPacket)) return () => undefined
    const at = new Date()
    const remoteAddress = plainAddress(socket.remoteAddress ?? '-')
    const tlsVersion = (socket as Partial<TLSSocket>).getProtocol?.() ?? null
    return (status, bytes) =>
      onRecord({
        at,
        remoteAddress,
        ...unparsedRequest(error),
        status,
        bytes,
        durationMs: Math.round(Date.now() - at.getTime()),
        referer: undefined,
        userAgent: undefined,
        tlsVersion,
        worker,
        pid: process.pid,
        complete: true,
      })
  }

  const refuse = (socket: Socket, error: ParseError, status: number): void => {
    const write = record(socket, error)
    // The app's own listener is not called for it.
    if (isHarmlessRequest(error.rawPacket)) answerRaw(socket, { status, fields: fieldsFor(error.rawPacket) })
    else if (http1.listenerCount('clientError') > 1) {
      const answer = watchRawAnswer(socket, { onAnswered: () => undefined })
      socket.once('close', () => write(answer.status, answer.bytes))
    } else {
      write(status, 0)
      answerRaw(socket, { status })
    }
  }

  /** The body of a request is not what it claims to be. */
  const refuseBody = (
    { socket, status }: { socket: Socket; status: number },
    { response }: { response: ServerResponse },
  ): void => {
    if (http1.listenerCount('clientError') > 1) return
    if (response.headersSent || socket.destroyed) {
      socket.destroy()
      return
    }
    answerRaw(socket, { status })
  }

  http1.on('clientError', (error: ParseError, given) => {
    const socket = given as Socket
    const status = statusOf(error)
    if (status === null || !socket.writable) {
      if (http1.listenerCount('clientError') === 1) socket.destroy()
      return
    }
    // Of what still comes, Node's parser says the same again.
    if (refused.has(socket)) return
    refused.add(socket)
    const exchanges = open.exchangesOn(socket)
    const broken = exchanges.find(({ request }) => !request.complete)
    const last = exchanges.filter((one) => one !== broken).at(-1)
    if (broken && http1.listenerCount('clientError') === 1) {
      const isAbandoned = error.code === 'HPE_INVALID_EOF_STATE' && abandonedStatus !== 0
      refuseInFlight(broken.response, isAbandoned ? abandonedStatus : status)
    }
    const proceed = (): void => {
      if (socket.destroyed) return
      if (broken) refuseBody({ socket, status }, broken)
      // Nothing may follow a request that says that it is the last one (RFC 9112 section 9.6).
      else if (error.code === 'HPE_CLOSED_CONNECTION') socket.destroySoon()
      else refuse(socket, error, status)
    }
    if (last) last.response.once('close', proceed)
    else proceed()
  })
}

/** `null`: it isn't a request that failed, but the connection. */
function statusOf({ code = '', rawPacket }: ParseError): number | null {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return 408
  if (code === 'HPE_HEADER_OVERFLOW') return 431
  if (code === 'HPE_CHUNK_EXTENSIONS_OVERFLOW') return 413
  // RFC 9110 section 15.6.6, if it is a version at all.
  if (code === 'HPE_INVALID_VERSION')
    return otherVersion.test(rawPacket?.toString('latin1') ?? '') ? 505 : 400
  return code.startsWith('HPE_') ? 400 : null
}

const otherVersion = /^[^\r\n]* HTTP\/(?!1\.[01])\d\.\d\r?$/m
