import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ResponseHead } from './parser/response-head.ts'

/**
 * Passes an interim response on (RFC 9110 section 15.2). A client of HTTP/1.0 gets none. 100 is for a client that expects it. Before Node.js 24.18, Node
 * has no way to send others than 102 and 103 over HTTP/1.1; these are left out, as that section allows for a proxy that is not asked for them, and so
 * are those that Node refuses to send.
 */
export function passInformation(
  { status, fields }: ResponseHead,
  { request, response }: { request: IncomingMessage; response: ServerResponse },
): void {
  if (request.httpVersion === '1.0' || response.headersSent) return
  if (status === 100) {
    if (request.headers.expect?.toLowerCase() === '100-continue') response.writeContinue()
    return
  }
  try {
    write(response, { status, fields })
  } catch {
    // Node takes fewer values than may be sent, such as for `Link`. The answer that follows does not depend on this one.
  }
}

function write(response: ServerResponse, { status, fields }: Pick<ResponseHead, 'status' | 'fields'>): void {
  const { writeInformation } = response as { writeInformation?: (status: number, fields: object) => void }
  if (writeInformation) writeInformation.call(response, status, objectOf(fields))
  else if (status === 102) response.writeProcessing()
  else if (status === 103) response.writeEarlyHints(objectOf(fields))
}

function objectOf(fields: readonly string[]): Record<string, string | string[]> {
  const object: Record<string, string | string[]> = {}
  for (let index = 0; index < fields.length; index += 2) {
    const name = (fields[index] as string).toLowerCase()
    const value = fields[index + 1] as string
    const before = object[name]
    object[name] = before === undefined ? value : [before, value].flat()
  }
  return object
}
