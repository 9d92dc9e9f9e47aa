import type { IncomingMessage } from 'node:http'
import { factsGiven } from '../../app/request/client-facts.ts'
import { hostInUrl } from '../../platform/net/address/host-in-url.ts'
import { connectionOptions, invalidInValue } from '../parser/name-table.ts'
import { forwardedLines } from './forwarded-lines.ts'
import { requestFieldKind } from './request-fields.ts'
import { originTarget } from './request-target.ts'

/** The head of a request as it is sent to an upstream. */
export interface RequestHead {
  /** With the empty line that ends it. One character for each byte. */
  readonly text: string
  readonly body: 'none' | 'length' | 'chunked'
}

/** A status: the request is refused with it. */
export type RefusedHead = 400 | 501

/** Writes the head of a request for an upstream. */
export type WriteHead = (
  request: IncomingMessage,
  more?: {
    /** Further lines, by which the request asks for another protocol. */
    readonly asking?: string
    readonly method?: string
    /** Names of fields that `asking` takes the place of, in lower case. */
    readonly except?: readonly string[]
  },
) => RequestHead | RefusedHead

/**
 * Writes the head of a request over HTTP/1.1 (RFC 9112), whatever version it came by.  The body is framed by the front itself, so
 * a request with two ways to find its end is refused.
 */
export const requestHead: WriteHead = (
  request,
  { asking = '', method = request.method ?? '', except = none } = {},
) => write(request, { asking, method, named: except })

const none: readonly string[] = []
/** Options of `Connection` that name no field, or one that is handled anyway. */
const harmless: ReadonlySet<string> = new Set([
  'close',
  'keep-alive',
  'upgrade',
  'te',
  'http2-settings',
  'host',
  'content-length',
  'transfer-encoding',
])

function write(
  request: IncomingMessage,
  { asking, method, named }: { asking: string; method: string; named: readonly string[] },
): RequestHead | RefusedHead {
  const { rawHeaders, url = '' } = request
  const target = originTarget(url, method)
  if (target === null || !token.test(method)) return 400
  const isHttp2 = request.httpVersionMajor === 2
  let fields = ''
  let host: string | null = null
  let length: string | null = null
  let isChunked = false
  let trailer = ''
  let expect = ''
  let port: string | null = null
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] as string
    const value = rawHeaders[index + 1] as string
    // Over HTTP/1.1, Node's parser has refused such a value.
    if (isHttp2 && invalidInValue.test(value)) return 400
    switch (requestFieldKind(name)) {
      case 'passed':
        if (named === none || !named.includes(name.toLowerCase())) fields += `${name}: ${value}\r\n`
        break
      case 'dropped':
        break
      case 'of-proxy':
        if (factsGiven(request)?.isForwarded && !named.includes(name.toLowerCase()))
          fields += `${name}: ${value}\r\n`
        break
      case 'host':
        if (host !== null) return 400
        host = value
        break
      case 'content-length':
        if (length !== null || !/^\d+$/.test(value)) return 400
        // Some programs take a zero at the beginning for a sign of octal numbers.
        length = value.length > 1 ? value.replace(/^0+(?=\d)/, '') : value
        break
      case 'transfer-encoding':
        if (isChunked) return 400
        if (value.toLowerCase() !== 'chunked') return 501
        isChunked = true
        break
      case 'connection': {
        const others = connectionOptions(value).filter(
          (option) => !harmless.has(option) && !named.includes(option),
        )
        if (others.length > 0) return write(request, { asking, method, named: [...named, ...others] })
        break
      }
      case 'te':
        if (asking === '' && takesTrailers(value)) fields += 'TE: trailers\r\nConnection: TE\r\n'
        break
      case 'trailer':
        trailer += `Trailer: ${value}\r\n`
        break
      case 'x-forwarded-port':
        if (factsGiven(request)?.isForwarded) port = value
        break
      case 'expect':
        expect = `Expect: ${value}\r\n`
        break
      case 'invalid':
        return 400
    }
  }
  if (isChunked && length !== null) return 400
  if (isChunked && request.httpVersion === '1.0') return 400
  const body = isChunked ? 'chunked' : length === null || length === '0' ? 'none' : 'length'
  let framing = ''
  if (isChunked) framing = `Transfer-Encoding: chunked\r\n${trailer}`
  else if (length !== null) framing = `Content-Length: ${length}\r\n`
  else if (expectsBody.has(method)) framing = 'Content-Length: 0\r\n'
  // RFC 9110 section 10.1.1: a request without content expects nothing, and one of HTTP/1.0 can't.
  if (body !== 'none' && request.httpVersion !== '1.0') framing += expect
  return {
    text: `${method} ${target} HTTP/1.1\r\nHost: ${host ?? ownHost(request)}\r\n${fields}${via(request)}${framing}${asking}${forwardedLines(request, { host, port })}\r\n`,
    body,
  }
}

const token = /^[!#$%&'*+\-.^_`|~\dA-Za-z]+$/

/** Some servers answer 411 to these if they have no length: RFC 9110 section 8.6. */
const expectsBody: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH'])

/** A client of HTTP/1.0 may name no host. Servers expect one over HTTP/1.1. */
function ownHost({ socket: { localAddress, localPort } }: IncomingMessage): string {
  return localAddress === undefined ? 'localhost' : `${hostInUrl(localAddress)}:${localPort}`
}

/** A gateway must say that it has passed a request on, and in which version it came: RFC 9110 section 7.6.3. It follows what proxies before it have said. */
function via({ httpVersion }: IncomingMessage): string {
  if (httpVersion === '1.1') return 'Via: 1.1 lockstep\r\n'
  return `Via: ${httpVersion} lockstep\r\n`
}

/** RFC 9110 section 10.1.4. */
function takesTrailers(value: string): boolean {
  return value.split(',').some((coding) => coding.trim().toLowerCase() === 'trailers')
}
