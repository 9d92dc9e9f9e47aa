import type { IncomingMessage } from 'node:http'
import { http2FactsOf } from '../http2/http2-facts.ts'

/**
 * Why a request that Node's parser has let through is refused: the status of the answer, or `null`. One that names two hosts, or one in an odd
 * way, would let a check of one of them pass a request for the other (RFC 9112 section 3.2, RFC 9113 section 8.3.1).
 */
export function requestFault(
  request: IncomingMessage,
  { requiresHost }: { /** Over HTTP/1.1. */ requiresHost: boolean },
): 400 | 505 | null {
  const { httpVersionMajor, httpVersionMinor, rawHeaders, url = '' } = request
  if (httpVersionMajor !== 1) return ofHttp2(request)
  let host: string | undefined
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] as string
    // The length distinguishes it from nearly all others, and the usual spelling needs no other string.
    if (name.length !== 4 || (name !== 'Host' && name.toLowerCase() !== 'host')) continue
    if (host !== undefined) return 400
    host = rawHeaders[index + 1] as string
  }
  if (host === undefined ? httpVersionMinor > 0 && requiresHost : !isHost(host)) return 400
  return url.charCodeAt(0) === slash ? null : takeTarget(request)
}

const slash = '/'.charCodeAt(0)

/**
 * A host and perhaps a port, or nothing at all: RFC 3986 section 3.2.2. A comma, which is allowed in a name there, is not taken: a proxy in front
 * may have joined two hosts with it.
 */
export function isHost(text: string): boolean {
  if (text === passedLast) return true
  if (!host.test(text)) return false
  passedLast = text
  return true
}

/** Most requests name the same host, and to compare it costs less than to match it. */
let passedLast = ''

const host =
  /^(?:(?:[\w.~!$&'()*+;=-]|%[\da-f]{2})+(?::\d{0,5})?|\[[\da-f:.]+(?:%[\w.~%-]+)?\](?::\d{0,5})?|)$/i

/** Over HTTP/1.1, a request line may name another major version than the one that is spoken: RFC 9110 section 15.6.6. */
function ofHttp2(request: IncomingMessage): 400 | 505 | null {
  const read = http2FactsOf(request)
  if (read === null) return 505
  const [first = '', ...others] = read.hosts
  return isHost(first) && others.every((other) => other.toLowerCase() === first.toLowerCase()) ? null : 400
}

/**
 * A target that doesn't begin with a slash. The host in one of absolute-form takes the place of the `Host` field (RFC 9112 section 3.2.2). The target
 * itself stays, for an app that is a forward proxy. Any other form belongs to a method of its own.
 */
function takeTarget(request: IncomingMessage): 400 | null {
  const { url = '', method, headers, rawHeaders } = request
  if (url === '*') return method === 'OPTIONS' ? null : 400
  if (method === 'CONNECT') return isHost(url) ? null : 400
  const authority = /^[a-z][a-z\d+.-]*:\/\/([^/?#]*)/i.exec(url)?.[1]
  if (authority === undefined || authority === '' || !isHost(authority)) return 400
  headers.host = authority
  const at = rawHeaders.findIndex((name, index) => index % 2 === 0 && name.toLowerCase() === 'host')
  if (at < 0) rawHeaders.push('Host', authority)
  else rawHeaders[at + 1] = authority
  return null
}
