import type { IncomingMessage } from 'node:http'
import type { IncomingHttpHeaders } from 'node:http2'
import type { Http2Facts } from './http2-facts.ts'

/** The header fields of a request over HTTP/2 as they would have come over HTTP/1.1, and what they were. */
export interface ReadFields extends Http2Facts {
  readonly headers: IncomingMessage['headers']
  readonly rawHeaders: string[]
}

/**
 * Node has joined the fields in `parsed` by the rules of HTTP/1.1 already. `Host` comes first, with the value of `:authority`, where the
 * client has sent that (RFC 9113 section 8.3.1).
 */
export function readFields(
  raw: readonly string[],
  parsed: IncomingHttpHeaders,
  { mayHaveBody }: { mayHaveBody: boolean },
): ReadFields {
  const hosts: string[] = []
  const rawHeaders: string[] = []
  const headers: IncomingMessage['headers'] = {}
  const authority = parsed[':authority']
  if (typeof authority === 'string') {
    hosts.push(authority)
    rawHeaders.push('host', authority)
    headers.host = authority
  }
  // `Host` counts, whatever it came as.
  let fieldCount = hosts.length
  let fieldSize = 0
  let hasCookie = false
  for (let index = 0; index < raw.length; index += 2) {
    const name = raw[index] as string
    const value = raw[index + 1] as string
    fieldSize += name.length + value.length
    // Method, path, scheme and authority come as fields with a colon before their names.
    if (name.charCodeAt(0) === colon) continue
    fieldCount += 1
    if (name === 'host') {
      hosts.push(value)
      if (headers.host !== undefined) continue
    } else if (name === 'cookie') {
      if (hasCookie) continue
      hasCookie = true
      rawHeaders.push(name, parsed.cookie ?? value)
      headers.cookie = parsed.cookie ?? value
      continue
    }
    rawHeaders.push(name, value)
    headers[name] = parsed[name]
  }
  if (mayHaveBody && headers['content-length'] === undefined) {
    rawHeaders.push('transfer-encoding', 'chunked')
    headers['transfer-encoding'] = 'chunked'
  }
  const protocol = parsed[':protocol']
  return {
    headers,
    rawHeaders,
    fieldCount,
    fieldSize,
    hosts,
    protocol: typeof protocol === 'string' ? protocol : null,
  }
}

const colon = ':'.charCodeAt(0)
