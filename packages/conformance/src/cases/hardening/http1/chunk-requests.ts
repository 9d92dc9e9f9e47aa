import { fromSource, post, smuggled } from './ambiguous-request.ts'

const sees = [{ body: 'hello' }]
const end = '0\r\n\r\n'

/** With the id that Http11Probe has for it. */
const forbiddenTrailers = [
  ['Content-Length: 50', 'SMUG-TRAILER-CL'],
  ['Transfer-Encoding: chunked', 'SMUG-TRAILER-TE'],
  ['Host: other.test', 'SMUG-TRAILER-HOST'],
  ['Authorization: x', 'SMUG-TRAILER-AUTH'],
  ['Content-Type: text/html', 'SMUG-TRAILER-CONTENT-TYPE'],
] as const

/** A POST whose chunked body is exactly this. */
const body = (text: string): string => post(['Transfer-Encoding: chunked'], text)

/** Chunks: RFC 9112 section 7.1. Sizes are hexadecimal digits alone, and each line ends with CR LF. */
export const chunkRequests = fromSource('RFC 9112 section 7.1', [
  {
    name: 'digits of hexadecimal in upper case',
    bytes: body(`A\r\nhelloworld\r\n${end}`),
    right: 'served',
    sees: [{ body: 'helloworld' }],
    probe: 'COMP-CHUNKED-HEX-UPPERCASE',
  },
  {
    name: 'several chunks',
    bytes: body(`2\r\nhe\r\n3\r\nllo\r\n${end}`),
    right: 'served',
    sees,
    probe: 'COMP-CHUNKED-MULTI',
  },
  {
    name: 'zeros before the size',
    bytes: body(`0005\r\nhello\r\n000\r\n\r\n`),
    right: 'either',
    sees,
  },
  { name: 'a minus sign', bytes: body(`-5\r\nhello\r\n${end}`), right: 'cut', probe: 'SMUG-CHUNK-NEGATIVE' },
  { name: 'a plus sign', bytes: body(`+5\r\nhello\r\n${end}`), right: 'cut', probe: 'SMUG-CHUNK-SIZE-PLUS' },
  {
    name: 'a prefix of hexadecimal',
    bytes: body(`0x5\r\nhello\r\n${end}${smuggled}`),
    right: 'cut',
    probe: 'SMUG-CHUNK-HEX-PREFIX',
  },
  {
    name: 'an underscore',
    bytes: body(`0_5\r\nhello\r\n${end}`),
    right: 'cut',
    probe: 'SMUG-CHUNK-UNDERSCORE',
  },
  { name: 'a letter that is not a digit', bytes: body(`5g\r\nhello\r\n${end}`), right: 'cut' },
  {
    name: 'a space before the size',
    bytes: body(` 5\r\nhello\r\n${end}`),
    right: 'cut',
    probe: 'SMUG-CHUNK-LEADING-SP',
  },
  {
    name: 'a space after the size',
    bytes: body(`5 \r\nhello\r\n${end}`),
    right: 'either',
    sees,
    source: 'RFC 9112 section 7.1.1: bad whitespace',
    probe: 'SMUG-CHUNK-SIZE-TRAILING-OWS',
  },
  { name: 'no size', bytes: body(`\r\nhello\r\n${end}`), right: 'cut' },
  {
    name: 'a size of two to the power of 64 and five',
    bytes: body(`10000000000000005\r\nhello\r\n${end}${smuggled}`),
    right: 'cut',
    probe: 'MAL-CHUNK-SIZE-OVERFLOW',
  },
  {
    name: 'more data than the size says',
    bytes: body(`3\r\nhello\r\n${end}`),
    right: 'cut',
    probe: 'SMUG-CHUNK-SPILL',
  },
  {
    name: 'no line end after the data',
    bytes: body(`5\r\nhello${end}`),
    right: 'cut',
    probe: 'SMUG-CHUNK-MISSING-TRAILING-CRLF',
  },
  {
    name: 'a bare line feed after the size',
    bytes: body(`5\nhello\r\n${end}`),
    right: 'cut',
    source: 'RFC 9112 section 2.2',
    probe: 'SMUG-CHUNK-LF-TERM',
  },
  {
    name: 'a bare carriage return after the size',
    bytes: body(`5\rhello\r\n${end}`),
    right: 'cut',
    source: 'RFC 9112 section 2.2',
    probe: 'SMUG-CHUNK-BARE-CR-TERM',
  },
  { name: 'a bare line feed after the data', bytes: body(`5\r\nhello\n${end}`), right: 'cut' },
  {
    name: 'a bare line feed after the last chunk',
    bytes: body(`5\r\nhello\r\n0\n\n${smuggled}`),
    right: 'cut',
  },
  {
    name: 'a bare line feed as the end of the trailers',
    bytes: body(`5\r\nhello\r\n0\r\n\n${smuggled}`),
    right: 'cut',
    probe: 'SMUG-CHUNK-LF-TRAILER',
  },
  {
    name: 'an extension',
    bytes: body(`5;a=b\r\nhello\r\n${end}`),
    right: 'served',
    sees,
    source: 'RFC 9112 section 7.1.1',
    probe: 'COMP-CHUNKED-EXTENSION',
  },
  {
    name: 'an extension in quotes, with a semicolon',
    bytes: body(`5;a="b;c"\r\nhello\r\n${end}`),
    right: 'served',
    sees,
    source: 'RFC 9112 section 7.1.1',
  },
  {
    name: 'an extension in quotes, with a line end',
    bytes: body(`5;a="\r\nhello\r\n${end}${smuggled}`),
    right: 'cut',
    source: 'RFC 9112 section 7.1.1',
  },
  {
    name: 'an extension with a bare line feed',
    bytes: body(`5;a\nhello\r\n${end}${smuggled}`),
    right: 'cut',
    source: 'RFC 9112 section 7.1.1',
    probe: 'SMUG-CHUNK-EXT-LF',
  },
  {
    name: 'an extension with a bare carriage return',
    bytes: body(`5;a\rhello\r\n${end}${smuggled}`),
    right: 'cut',
    source: 'RFC 9112 section 7.1.1',
    probe: 'SMUG-CHUNK-EXT-CR',
  },
  {
    name: 'an extension with a control character',
    bytes: body(`5;a\x01\r\nhello\r\n${end}`),
    right: 'cut',
    source: 'RFC 9112 section 7.1.1',
    probe: 'SMUG-CHUNK-EXT-CTRL',
  },
  {
    name: 'a semicolon alone',
    bytes: body(`5;\r\nhello\r\n${end}`),
    right: 'cut',
    source: 'RFC 9112 section 7.1.1',
    probe: 'SMUG-CHUNK-BARE-SEMICOLON',
  },
  {
    name: 'an extension of 64 KiB',
    bytes: body(`5;${'a'.repeat(65_536)}\r\nhello\r\n${end}`),
    right: 'cut',
    source: 'RFC 9112 section 7.1.1: a limit',
    probe: 'MAL-CHUNK-EXT-64K',
  },
  {
    name: 'ten thousand chunks with an extension each',
    bytes: body(`${'1;abcd\r\nx\r\n'.repeat(10_000)}${end}`),
    right: 'either',
    sees: [{ body: 'x'.repeat(10_000) }],
    source: 'RFC 9112 section 7.1.1: a limit on all of them',
  },
  {
    name: 'a trailer of 64 KiB',
    bytes: body(`0\r\nX-Large: ${'a'.repeat(65_536)}\r\n\r\n`),
    right: 'cut',
    source: 'RFC 9110 section 6.5.2; RFC 6585 section 5',
  },
  {
    name: 'a trailer with a space before its colon',
    bytes: body(`5\r\nhello\r\n0\r\nX : y\r\n\r\n`),
    right: 'cut',
    source: 'RFC 9112 sections 5.1 and 7.1.2',
  },
  {
    name: 'a trailer with NUL',
    bytes: body(`5\r\nhello\r\n0\r\nX: y\0z\r\n\r\n`),
    right: 'cut',
    source: 'RFC 9110 section 5.5',
  },
  ...forbiddenTrailers.map(([field, probe]) => ({
    name: `a trailer ${field}`,
    bytes: `${body(`5\r\nhello\r\n0\r\n${field}\r\n\r\n`)}GET /second HTTP/1.1\r\nHost: localhost\r\n\r\n`,
    right: 'either' as const,
    sees: [...sees, { method: 'GET', target: '/second' }],
    source: 'RFC 9110 section 6.5.1: never merged into the header fields',
    probe,
  })),
])
