import type { AccessRecord } from './access-log-line.ts'

/** As much of the request line as can be read in what Node's parser has refused. Most of it, when it came in one piece. */
export function unparsedRequest({
  rawPacket,
  bytesParsed = 0,
}: {
  readonly rawPacket?: Buffer
  readonly bytesParsed?: number
}): Pick<AccessRecord, 'method' | 'target' | 'httpVersion'> {
  const text = rawPacket?.subarray(0, longest).toString('latin1') ?? ''
  // Others may have come in the same piece.
  const begin = text.lastIndexOf('\r\n\r\n', bytesParsed - 1)
  const [, method = null, target = null, httpVersion = null] =
    requestLine.exec(begin < 0 ? text : text.slice(begin + 4)) ?? []
  return { method, target, httpVersion }
}

const longest = 65_536

const requestLine = /^(?:\r?\n)*([!#$%&'*+.^_`|~\w-]+) +([^\s]+)(?: +HTTP\/(\d\.\d)[\r\n])?/
