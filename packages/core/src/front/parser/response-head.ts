import { InvalidAnswer } from './invalid-answer.ts'
import { connectionOptions, invalidInValue, nameTable } from './name-table.ts'
import { mayTrail } from './trailer-fields.ts'

/** The head of a response of an upstream. */
export interface ResponseHead {
  readonly status: number
  readonly reason: string
  /** Names and values in turn, without those that belong to the connection or frame the body (RFC 9110 section 7.6.1). */
  readonly fields: string[]
  readonly contentLength: number | null
  readonly isChunked: boolean
  /** The upstream takes a further request on this connection. */
  readonly keepsAlive: boolean
  /** By its `Keep-Alive: timeout=`; `null`: it does not say for how long. */
  readonly keepAliveMs: number | null
  /** The value of `Trailer`: it may be passed on with a chunked body alone. */
  readonly trailer: string | null
  /** The value of `Upgrade`. */
  readonly upgrade: string | null
  readonly isEventStream: boolean
}

const kindOf = nameTable((name) => {
  switch (name) {
    case 'connection':
    case 'keep-alive':
    case 'content-length':
    case 'content-type':
    case 'transfer-encoding':
    case 'trailer':
    case 'upgrade':
      return name
    case 'proxy-connection':
    case 'proxy-authenticate':
    case 'proxy-authentication-info':
    case 'te':
      return 'dropped'
    default:
      return 'passed'
  }
})

/**
 * Parses a head, from the status line to the end of its last field, by RFC 9112 sections 4 and 5. It is strict: a folded line, a bare CR or LF, a space
 * before a colon, two lengths, or a length beside `Transfer-Encoding` could be read in two ways. Throws `InvalidAnswer`.
 */
export function parseResponseHead(text: string): ResponseHead {
  const lineEnd = text.indexOf('\r\n')
  const line = statusLine.exec(lineEnd < 0 ? text : text.slice(0, lineEnd))
  if (!line) throw new InvalidAnswer('the status line is not one of HTTP/1.1')
  const status = Number(line[2])
  if (status < 100) throw new InvalidAnswer(`the status is ${status}`)
  const isHttp11 = line[1] === '1'
  const fields: string[] = []
  let contentLength: number | null = null
  let isChunked = false
  let options: readonly string[] = none
  let keepAliveMs: number | null = null
  let trailer: string | null = null
  let upgrade: string | null = null
  let isEventStream = false
  for (let at = lineEnd + 2; lineEnd >= 0 && at < text.length; ) {
    const colon = text.indexOf(':', at)
    const found = text.indexOf('\r\n', at)
    const end = found < 0 ? text.length : found
    if (colon < 0 || colon > end) throw new InvalidAnswer('a header field has no colon')
    const name = text.slice(at, colon)
    const value = trimmed(text, colon + 1, end)
    at = end + 2
    if (invalidInValue.test(value)) throw new InvalidAnswer('a control character in a header field')
    const kind = kindOf(name)
    switch (kind) {
      case 'content-type':
        isEventStream = eventStream.test(value)
        fields.push(name, value)
        break
      case 'passed':
        fields.push(name, value)
        break
      case 'content-length':
        if (contentLength !== null) throw new InvalidAnswer('it has two Content-Length fields')
        contentLength = lengthOf(value)
        break
      case 'transfer-encoding':
        if (isChunked || value.toLowerCase() !== 'chunked')
          throw new InvalidAnswer('it has a transfer coding other than chunked')
        isChunked = true
        break
      case 'connection':
        options = options === none ? connectionOptions(value) : [...options, ...connectionOptions(value)]
        break
      case 'keep-alive':
        keepAliveMs = timeoutOf(value)
        break
      case 'trailer':
        trailer = trailer === null ? value : `${trailer}, ${value}`
        break
      case 'upgrade':
        upgrade = value
        break
      case 'dropped':
        break
      case 'invalid':
        throw new InvalidAnswer('the name of a header field is not a token')
    }
  }
  if (isChunked && contentLength !== null)
    throw new InvalidAnswer('it has a length and a transfer coding at once')
  if (isChunked && !isHttp11) throw new InvalidAnswer('it has a transfer coding in HTTP/1.0')
  return {
    status,
    reason: line[3] ?? '',
    fields: options.some((option) => !harmless.has(option)) ? without(fields, options) : fields,
    contentLength,
    isChunked,
    keepsAlive: isHttp11 ? !options.includes('close') : options.includes('keep-alive'),
    keepAliveMs,
    trailer,
    upgrade,
    isEventStream,
  }
}

/** Parses trailer fields; those that frame, route or concern the connection are left out (RFC 9110 section 6.5.1). Throws `InvalidAnswer`. */
export function parseTrailers(text: string): string[] {
  if (text === '') return []
  const { fields, contentLength, isChunked } = parseResponseHead(`HTTP/1.1 200 \r\n${text}`)
  if (contentLength !== null || isChunked) throw new InvalidAnswer('a trailer field frames the body')
  return fields.filter((_, index) => mayTrail((fields[index - (index % 2)] as string).toLowerCase()))
}

const statusLine = /^HTTP\/1\.([01]) (\d{3})(?: ([\t\x20-\x7e\x80-\xff]*))?$/
const eventStream = /^text\/event-stream\s*(?:;|$)/i
const none: readonly string[] = []
/** Options of `Connection` that name no field, or one that is left out anyway. */
const harmless: ReadonlySet<string> = new Set(['close', 'keep-alive', 'upgrade', 'te', 'transfer-encoding'])

function without(fields: readonly string[], names: readonly string[]): string[] {
  return fields.filter((_, index) => !names.includes((fields[index - (index % 2)] as string).toLowerCase()))
}

/** Without the optional whitespace around it. */
function trimmed(text: string, from: number, to: number): string {
  let start = from
  let end = to
  while (start < end && isBlank(text.charCodeAt(start))) start += 1
  while (end > start && isBlank(text.charCodeAt(end - 1))) end -= 1
  return text.slice(start, end)
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09
}

function lengthOf(value: string): number {
  const length = /^\d{1,16}$/.test(value) ? Number(value) : Number.NaN
  if (!Number.isSafeInteger(length)) throw new InvalidAnswer('its length is not a number')
  return length
}

function timeoutOf(value: string): number | null {
  const seconds = /(?:^|[,\s])timeout=(\d{1,9})(?:$|[,\s])/i.exec(value)?.[1]
  return seconds === undefined ? null : Number(seconds) * 1_000
}
