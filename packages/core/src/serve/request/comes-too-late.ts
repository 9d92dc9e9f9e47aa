import type { IncomingMessage, ServerResponse } from 'node:http'
import { sentField } from '../../platform/node/internals/sent-head.ts'
import { http } from '../../platform/node/node-http.ts'
import type { OpenConnections } from '../connections/open-connections.ts'

const { getHeader } = http.OutgoingMessage.prototype

/**
 * Whether a request over HTTP/1 follows one whose answer closes the connection. It may have come in the same piece, so Node has parsed it, and its own
 * answer would never be sent. RFC 9112 section 9.6 forbids to process it. It is what every request costs.
 */
export function comesTooLate(
  { socket }: IncomingMessage,
  response: ServerResponse,
  open: OpenConnections,
): boolean {
  if (!socket.writable) return true
  // It gets the socket only when no other answer precedes it.
  return response.socket === null && open.exchangesOn(socket).some((before) => isLast(before.response))
}

function isLast(response: ServerResponse): boolean {
  // An app may have replaced the methods of its own response.
  const given = response.headersSent
    ? sentField(response, 'connection')
    : getHeader.call(response, 'connection')
  return /^\s*close\s*$/i.test(String(given ?? ''))
}
