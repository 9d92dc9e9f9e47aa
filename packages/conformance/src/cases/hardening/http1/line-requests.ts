import { fromSource, get, post, smuggled } from './ambiguous-request.ts'

const host = 'Host: localhost'

/** Lines end with CR LF: RFC 9112 section 2.2. A server may take a bare LF, but then so must all that read after it. */
export const lineRequests = fromSource('RFC 9112 section 2.2', [
  {
    name: 'bare line feeds throughout',
    bytes: `GET /outer HTTP/1.1\n${host}\n\n`,
    right: 'refused',
    probe: 'RFC9112-2.2-BARE-LF-REQUEST-LINE',
  },
  {
    name: 'a bare line feed after the request line',
    bytes: `GET /outer HTTP/1.1\n${host}\r\n\r\n`,
    right: 'refused',
    probe: 'RFC9112-2.2-BARE-LF-REQUEST-LINE',
  },
  {
    name: 'a bare line feed after a field',
    bytes: `GET /outer HTTP/1.1\r\n${host}\nX: y\r\n\r\n`,
    right: 'refused',
    probe: 'RFC9112-2.2-BARE-LF-HEADER',
  },
  {
    name: 'a bare line feed as the empty line',
    bytes: `GET /outer HTTP/1.1\r\n${host}\r\n\n${smuggled}`,
    right: 'refused',
  },
  {
    name: 'bare carriage returns throughout',
    bytes: `GET /outer HTTP/1.1\r${host}\r\r`,
    right: 'refused',
    probe: 'RFC9112-3-CR-ONLY-LINE-ENDING',
  },
  { name: 'a carriage return too many', bytes: `GET /outer HTTP/1.1\r\r\n${host}\r\n\r\n`, right: 'refused' },
  {
    name: 'a carriage return too many after a field',
    bytes: get([`${host}\r`, 'X: y']),
    right: 'refused',
  },
  {
    name: 'a bare carriage return in a value',
    bytes: get([host, 'X: a\rb']),
    right: 'refused',
    probe: 'SMUG-BARE-CR-HEADER-VALUE',
  },
  { name: 'a bare carriage return in a name', bytes: get([host, 'X\rY: a']), right: 'refused' },
  {
    name: 'a bare carriage return in the target',
    bytes: `GET /ou\rter HTTP/1.1\r\n${host}\r\n\r\n`,
    right: 'refused',
  },
  {
    name: 'a carriage return that hides the end of the head',
    bytes: post(['X: a\r\r\nContent-Length: 5'], `hello${smuggled}`),
    right: 'refused',
  },
  {
    name: 'a folded value',
    bytes: get([host, 'X: a', ' b']),
    right: 'either',
    source: 'RFC 9112 section 5.2',
    probe: 'RFC9112-5.1-OBS-FOLD',
  },
  {
    name: 'a value folded by a tab',
    bytes: get([host, 'X: a', '\tb']),
    right: 'either',
    source: 'RFC 9112 section 5.2',
  },
  {
    name: 'a folded Host',
    bytes: get(['Host:', ' localhost']),
    right: 'refused',
    source: 'RFC 9112 sections 3.2 and 5.2',
  },
  {
    name: 'a fold that looks like a field',
    bytes: post(['X: a', ' Transfer-Encoding: chunked'], ''),
    right: 'either',
    source: 'RFC 9112 section 5.2',
  },
  {
    name: 'a first field that begins with a space',
    bytes: `GET /outer HTTP/1.1\r\n X: y\r\n${host}\r\n\r\n`,
    right: 'refused',
    probe: 'COMP-WHITESPACE-BEFORE-HEADERS',
  },
  {
    name: 'a line of spaces alone',
    bytes: `GET /outer HTTP/1.1\r\n${host}\r\n  \r\n${smuggled}`,
    right: 'refused',
    probe: 'MAL-WHITESPACE-ONLY-LINE',
  },
  {
    name: 'empty lines before it',
    bytes: `\r\n\r\n${get([host])}`,
    right: 'either',
    probe: 'COMP-LEADING-CRLF',
  },
  { name: 'a space before it', bytes: ` ${get([host])}`, right: 'refused' },
  { name: 'spaces in an empty line before it', bytes: `  \r\n${get([host])}`, right: 'refused' },
  {
    name: 'two spaces in the request line',
    bytes: `GET  /outer HTTP/1.1\r\n${host}\r\n\r\n`,
    right: 'either',
    source: 'RFC 9112 section 3',
    probe: 'RFC9112-3-MULTI-SP-REQUEST-LINE',
  },
  {
    name: 'tabs in the request line',
    bytes: `GET\t/outer\tHTTP/1.1\r\n${host}\r\n\r\n`,
    right: 'refused',
    source: 'RFC 9112 section 3',
    probe: 'COMP-REQUEST-LINE-TAB',
  },
  {
    name: 'a form feed in the request line',
    bytes: `GET\x0c/outer HTTP/1.1\r\n${host}\r\n\r\n`,
    right: 'refused',
    source: 'RFC 9112 section 3',
  },
  {
    name: 'a space at the end of the request line',
    bytes: `GET /outer HTTP/1.1 \r\n${host}\r\n\r\n`,
    right: 'refused',
    source: 'RFC 9112 section 3',
    probe: 'COMP-VERSION-WHITESPACE',
  },
  {
    name: 'a word behind the version',
    bytes: `GET /outer HTTP/1.1 x\r\n${host}\r\n\r\n`,
    right: 'refused',
    source: 'RFC 9112 section 3',
  },
  {
    name: 'bytes without any meaning',
    bytes: '\x00\x01\x02\xff\xfe\r\n\r\n',
    right: 'refused',
    probe: 'MAL-BINARY-GARBAGE',
  },
])
