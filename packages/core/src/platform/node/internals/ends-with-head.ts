import type { IncomingMessage } from 'node:http'

/**
 * Whether nothing follows the head of a request in the bytes that Node's parser is reading. To be called while Node asks about an upgrade. A trick:
 * `getCurrentBuffer()` of the parser is private to Node, and nothing public shows those bytes. Node drops what follows the head when it doesn't upgrade.
 * When Node changes: see `onParserExecuteCommon()` in its `lib/_http_server.js`. `false` where it can't be known.
 */
export function endsWithHead({ socket, method, url }: IncomingMessage): boolean {
  const { parser } = socket as { parser?: { getCurrentBuffer?: () => Buffer } }
  const text = parser?.getCurrentBuffer?.().toString('latin1') ?? ''
  // The first one that looks like it: where nothing follows that head, nothing follows any later one.
  const begin = text.indexOf(`${method} ${url} HTTP/1.`)
  return begin >= 0 && text.indexOf('\r\n\r\n', begin) === text.length - 4
}
