import type { AccessRecord } from './access-log-line.ts'

/** As much of the request line as can be read in what Node's parser has refused. Most of it, when it came in one piece. */
export function unparsedRequest({
  code = '',
  rawPacket,
  bytesParsed = 0,
}: {
  readonly code?: string | undefined
  readonly rawPacket?: Buffer
  readonly bytesParsed?: number
}): Pick<AccessRecord, 'method' | 'target' | 'httpVersion'> {
  const text = rawPacket?.subarray(0, longest).toString('latin1') ?? ''
  // Others may have come in the same piece. Some faults are seen only behind the empty line that ends their own head.
  const isSeenAtEnd = /CONTENT_LENGTH|TRANSFER_ENCODING|HEADERS_COMPLETE/.test(code)
  const begin = text.lastIndexOf('\r\n\r\n', bytesParsed - (isSeenAtEnd ? 5 : 1))
  const [, method = null, target = null, httpVersion = null] =
    requestLine.exec(begin < 0 ? text : text.slice(begin + 4)) ?? []
  return { method, target, httpVersion }
}

const longest = 65_536

const requestLine = /^(?:\r?\n)*([!#$%&'*+.^_`|~\w-]+) +([^\s]+)(?: +HTTP\/(\d\.\d)[\r\n])?/
