import { chunked, fromSource, post, smuggled } from './ambiguous-request.ts'

const hidden = chunked(smuggled)

/**
 * A request with both `Content-Length` and `Transfer-Encoding`, and one of HTTP/1.0 with the latter. RFC 9112 section 6.1 allows to use the chunks
 * and to close the connection afterwards; nothing that follows may be taken for a request.
 */
export const bothLengthRequests = fromSource('RFC 9112 sections 6.1 and 6.3', [
  {
    name: 'CL.TE: the length ends behind the last chunk',
    bytes: post(['Content-Length: 6', 'Transfer-Encoding: chunked'], `0\r\n\r\nG${smuggled}`),
    right: 'refused',
    probe: 'SMUG-CLTE-DESYNC',
  },
  {
    name: 'CL.TE: what follows the chunks is a request',
    bytes: post(
      [`Content-Length: ${5 + smuggled.length}`, 'Transfer-Encoding: chunked'],
      `0\r\n\r\n${smuggled}`,
    ),
    right: 'refused',
    probe: 'SMUG-CLTE-SMUGGLED-GET',
  },
  {
    name: 'TE.CL: the length ends inside the first chunk',
    bytes: post(['Transfer-Encoding: chunked', 'Content-Length: 4'], hidden),
    right: 'refused',
    probe: 'SMUG-TECL-DESYNC',
  },
  {
    name: 'TE.CL: the rest behind the length is a request',
    bytes: post(['Transfer-Encoding: chunked', `Content-Length: ${hidden.indexOf('GET')}`], hidden),
    right: 'refused',
    probe: 'SMUG-TECL-SMUGGLED-GET',
  },
  {
    name: 'both agree',
    bytes: post(['Content-Length: 15', 'Transfer-Encoding: chunked'], chunked('hello')),
    right: 'refused',
    probe: 'SMUG-CL-TE-BOTH',
  },
  {
    name: 'both, with Connection: close',
    bytes: post(
      ['Connection: close', 'Content-Length: 6', 'Transfer-Encoding: chunked'],
      `0\r\n\r\nG${smuggled}`,
    ),
    right: 'refused',
    probe: 'SMUG-CLTE-CONN-CLOSE',
  },
  {
    name: 'both, and the coding is one of the odd ones',
    bytes: post(['Content-Length: 5', 'Transfer-Encoding: identity'], `hello${smuggled}`),
    right: 'refused',
  },
  {
    name: 'both, the length plus',
    bytes: post(['Content-Length: +6', 'Transfer-Encoding: chunked'], `0\r\n\r\nG${smuggled}`),
    right: 'refused',
    probe: 'SMUG-CLTE-SMUGGLED-GET-CL-PLUS',
  },
  {
    name: 'both, the length not a number',
    bytes: post(['Content-Length: x', 'Transfer-Encoding: chunked'], `0\r\n\r\n${smuggled}`),
    right: 'refused',
    probe: 'SMUG-CLTE-SMUGGLED-GET-CL-NON-NUMERIC',
  },
  {
    name: 'both, and a second request behind them',
    bytes: `${post(['Content-Length: 6', 'Transfer-Encoding: chunked'], '0\r\n\r\nG')}${smuggled}`,
    right: 'refused',
    probe: 'SMUG-CLTE-PIPELINE',
  },
  {
    name: 'HTTP/1.0 with chunked',
    bytes: `POST /outer HTTP/1.0\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n${chunked('hello')}${smuggled}`,
    right: 'refused',
    source: 'RFC 9112 section 6.1: the framing is faulty',
    probe: 'SMUG-TE-HTTP10',
  },
  {
    name: 'HTTP/1.0 with keep-alive and chunked',
    bytes: `POST /outer HTTP/1.0\r\nHost: localhost\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n${hidden}`,
    right: 'refused',
    source: 'RFC 9112 section 6.1: the framing is faulty',
  },
  {
    name: 'HTTP/1.0 with both',
    bytes: `POST /outer HTTP/1.0\r\nHost: localhost\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nG`,
    right: 'refused',
  },
])
