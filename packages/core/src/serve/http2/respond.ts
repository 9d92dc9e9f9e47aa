import type { OutgoingHttpHeaders } from 'node:http'
import type { ServerHttp2Stream, ServerStreamResponseOptions } from 'node:http2'
import { codeOf } from '../../errors/thrown.ts'

/** Over HTTP/1.1 a field of which there should be one may come twice. Node 22 has no option for that: there its values are sent in one field. */
export function respond(
  stream: ServerHttp2Stream,
  headers: OutgoingHttpHeaders,
  options: ServerStreamResponseOptions & { readonly sendDate: boolean },
): void {
  try {
    stream.respond(headers, options)
  } catch (error) {
    if (codeOf(error) !== 'ERR_HTTP2_HEADER_SINGLE_VALUE') throw error
    const joined = Object.entries(headers).map(([name, value]) => [
      name,
      Array.isArray(value) && name !== 'set-cookie' ? value.join(', ') : value,
    ])
    stream.respond(Object.fromEntries(joined) as OutgoingHttpHeaders, options)
  }
}
