import type { IncomingMessage } from 'node:http'
import { http } from '../../platform/node/node-http.ts'
import { http2FactsOf } from '../http2/http2-facts.ts'

/**
 * Why a request that Node's parser has let through is refused: the status of the answer, or `null`. One that names two hosts, or one in an odd
 * way, would let a check of one of them pass a request for the other (RFC 9112 section 3.2, RFC 9113 section 8.3.1). One with another transfer coding
 * than `chunked` has a body that Node doesn't decode (RFC 9112 section 6.1).
 */
export function requestFault(
  request: IncomingMessage,
  { requiresHost }: { /** Over HTTP/1.1. */ requiresHost: boolean },
): 400 | 501 | 505 | null {
  const { httpVersionMajor, httpVersionMinor, rawHeaders, url = '' } = request
  if (httpVersionMajor !== 1) return ofHttp2(request)
  let host: string | undefined
  let coding: string | undefined
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] as string
    // The length distinguishes the two from nearly all others, and the usual spelling needs no other string.
    if (name.length === 4) {
      if (name !== 'Host' && name.toLowerCase() !== 'host') continue
      if (host !== undefined) return 400
      host = rawHeaders[index + 1] as string
    } else if (name.length === 17 && name.toLowerCase() === 'transfer-encoding') {
      if (coding !== undefined) return 400
      coding = rawHeaders[index + 1] as string
    }
  }
  if (host === undefined ? httpVersionMinor > 0 && requiresHost : !isHost(host)) return 400
  if (coding !== undefined && (httpVersionMinor === 0 || coding.toLowerCase() !== 'chunked'))
    return isListOfCodings.test(coding) && httpVersionMinor > 0 ? 501 : 400
  // RFC 9112 section 3.2: the target has no fragment.
  if (url.includes('#')) return 400
  return url.charCodeAt(0) === slash ? null : takeTarget(request)
}

/** Well-formed, and with a length that is known: `chunked` comes last, and only there. */
const isListOfCodings = /^(?:(?!chunked\s*,)[\w-]+\s*,\s*)+chunked$/i

const slash = '/'.charCodeAt(0)

/**
 * A host and perhaps a port, or nothing at all: RFC 3986 section 3.2.2. A comma, which is allowed in a name there, is not taken: a proxy in front
 * may have joined two hosts with it. A port has 16 bits: with a larger one, `new URL()` throws in the app.
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
  /^(?:(?:(?:[\w.~!$&'()*+;=-]|%[\da-f]{2})+|\[[\da-f:.]+(?:%[\w.~%-]+)?\])(?::(?:[0-5]?\d{0,4}|6[0-4]\d{3}|65[0-4]\d\d|655[0-2]\d|6553[0-5]))?|)$/i

/**
 * Over HTTP/1.1, a request line may name another major version than the one that is spoken: RFC 9110 section 15.6.6. Over HTTP/2, nothing but this has looked at the
 * method, and Node's client writes one in lower case in upper case. A target of another scheme than `http` and `https` may have any form there.
 */
function ofHttp2(request: IncomingMessage): 400 | 501 | 505 | null {
  const read = http2FactsOf(request)
  if (read === null) return 505
  const [first = '', ...others] = read.hosts
  if (!isHost(first) || others.some((other) => other.toLowerCase() !== first.toLowerCase())) return 400
  const { method = '', url = '' } = request
  if (!methods.has(method)) return 501
  if (url.charCodeAt(0) === slash) return url.includes('#') ? 400 : null
  return method === 'CONNECT' || (url === '*' && method === 'OPTIONS') ? null : 400
}

/** Those that Node's parser takes over HTTP/1.1. */
const methods: ReadonlySet<string> = new Set(http.METHODS)

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
