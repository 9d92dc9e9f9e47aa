// Answers of an upstream that two readers could read in different ways, or that are not answers at all. Written from RFC 9112 and RFC 9110.

/** Must never reach a client: it follows an answer, or is hidden in one. */
export const poison = 'HTTP/1.1 200 OK\r\nX-Poison: 1\r\nContent-Length: 6\r\n\r\npoison'

export interface HostileAnswer {
  readonly name: string
  readonly bytes: string
  readonly method?: 'HEAD'
  /**
   * - `502`: the client gets that.
   * - `cut`: the same, or the beginning of the answer and then the end of the connection: the client can tell that it is not complete.
   * - Otherwise, the whole answer that the client gets matches.
   */
  readonly client: '502' | 'cut' | RegExp
  /** Sent some milliseconds later. */
  readonly late?: string
  /** The upstream closes the connection behind it. */
  readonly closes?: true
}

const ok = (fields: readonly string[], body = ''): string =>
  ['HTTP/1.1 200 OK', ...fields, '', body].join('\r\n')
const chunks = (body: string): string => ok(['Transfer-Encoding: chunked'], body)
const hello = '5\r\nhello\r\n'

/** A body with two ends, or none that is clear: RFC 9112 section 6.3. */
const lengths: readonly HostileAnswer[] = [
  ['a length and chunks', ok(['Content-Length: 5', 'Transfer-Encoding: chunked'], `${hello}0\r\n\r\n`)],
  ['chunks and a length', ok(['Transfer-Encoding: chunked', 'Content-Length: 5'], `${hello}0\r\n\r\n`)],
  ['two different lengths', ok(['Content-Length: 5', 'Content-Length: 6'], `hello${poison}`)],
  ['two equal lengths', ok(['Content-Length: 5', 'Content-Length: 5'], `hello${poison}`)],
  ['a list of lengths', ok(['Content-Length: 5, 6'], `hello${poison}`)],
  ['a length with a plus sign', ok(['Content-Length: +5'], 'hello')],
  ['a negative length', ok(['Content-Length: -1'], 'hello')],
  ['a hexadecimal length', ok(['Content-Length: 0x5'], 'hello')],
  ['a length with a semicolon', ok(['Content-Length: 5;'], 'hello')],
  ['an empty length', ok(['Content-Length:'], 'hello')],
  ['a length above two to the power of 64', ok(['Content-Length: 18446744073709551621'], 'hello')],
  ['another coding before chunked', ok(['Transfer-Encoding: gzip, chunked'], `${hello}0\r\n\r\n`)],
  ['chunked twice', ok(['Transfer-Encoding: chunked, chunked'], `${hello}0\r\n\r\n`)],
  [
    'chunked in two fields',
    ok(['Transfer-Encoding: chunked', 'Transfer-Encoding: chunked'], `${hello}0\r\n\r\n`),
  ],
  ['an unknown coding', ok(['Transfer-Encoding: xchunked'], `${hello}0\r\n\r\n`)],
  ['identity', ok(['Transfer-Encoding: identity', 'Content-Length: 5'], `hello${poison}`)],
  [
    'chunks of HTTP/1.0',
    `HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n${hello}0\r\n\r\n`,
  ],
].map(([name = '', bytes = '']) => ({ name, bytes, client: '502' }))

/** Lines and fields that are not those of RFC 9112 sections 2.2, 4 and 5. */
const heads: readonly HostileAnswer[] = [
  ['bare line feeds throughout', 'HTTP/1.1 200 OK\nContent-Length: 5\n\nhello'],
  ['a bare line feed after a field', 'HTTP/1.1 200 OK\r\nX: y\nContent-Length: 0\r\n\r\n'],
  ['a bare line feed after the status line', 'HTTP/1.1 200 OK\nContent-Length: 0\r\n\r\n'],
  ['a bare carriage return in a value', ok(['X: a\rSet-Cookie: b=1', 'Content-Length: 0'])],
  ['a carriage return at the end of a value', ok(['X: a\r', 'Content-Length: 0'])],
  ['NUL in a value', ok(['X: a\0b', 'Content-Length: 0'])],
  ['a control character in a value', ok(['X: a\x01b', 'Content-Length: 0'])],
  ['DEL in a value', ok(['X: a\x7fb', 'Content-Length: 0'])],
  ['NUL in a name', ok(['X\0Y: a', 'Content-Length: 0'])],
  ['a space before the colon', ok(['Content-Length : 0'])],
  ['a space in a name', ok(['X Y: z', 'Content-Length: 0'])],
  ['a name above ASCII', ok(['X\xe4: z', 'Content-Length: 0'])],
  ['no name', ok([': z', 'Content-Length: 0'])],
  ['no colon', ok(['Alone', 'Content-Length: 0'])],
  ['a folded value', ok(['X: a', ' b', 'Content-Length: 0'])],
  ['a fold before the first field', ok([' X: a', 'Content-Length: 0'])],
  ['an empty line before it', `\r\n${ok(['Content-Length: 0'])}`],
  ['NUL in the reason', 'HTTP/1.1 200 O\0K\r\nContent-Length: 0\r\n\r\n'],
  ['a carriage return in the reason', 'HTTP/1.1 200 O\rK\r\nContent-Length: 0\r\n\r\n'],
  ['a status of two digits', 'HTTP/1.1 20 OK\r\nContent-Length: 0\r\n\r\n'],
  ['a status of four digits', 'HTTP/1.1 2000 OK\r\nContent-Length: 0\r\n\r\n'],
  ['a status below 100', 'HTTP/1.1 099 OK\r\nContent-Length: 0\r\n\r\n'],
  ['a status that is not a number', 'HTTP/1.1 2xx OK\r\nContent-Length: 0\r\n\r\n'],
  ['HTTP/2 in letters', 'HTTP/2 200 OK\r\nContent-Length: 0\r\n\r\n'],
  ['HTTP/1.2', 'HTTP/1.2 200 OK\r\nContent-Length: 0\r\n\r\n'],
  ['another protocol', 'ICY 200 OK\r\nContent-Length: 0\r\n\r\n'],
  ['a request', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'],
  ['a body without a head', 'hello'],
  ['bytes without any meaning', '\x00\x01\x02\xff\r\n\r\n'],
  ['a field of 100 KiB', ok([`X: ${'a'.repeat(100 * 1_024)}`, 'Content-Length: 0'])],
  ['a head without an end', `HTTP/1.1 200 OK\r\n${'X: y\r\n'.repeat(50_000)}`],
  [
    'a switch of protocols that was not asked for',
    'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n',
  ],
  ['interim answers without an end', 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n'.repeat(10_000)],
  [
    'an interim answer with a body',
    `HTTP/1.1 102 Processing\r\nContent-Length: 6\r\n\r\npoison${ok(['Content-Length: 0'])}`,
  ],
].map(([name = '', bytes = '']) => ({ name, bytes, client: '502' }))

/** Chunks that are not those of RFC 9112 section 7.1. The head may be on its way already. */
const brokenChunks: readonly HostileAnswer[] = [
  ['a negative size', chunks(`-5\r\nhello\r\n0\r\n\r\n`)],
  ['a size with a prefix', chunks(`0x5\r\nhello\r\n0\r\n\r\n`)],
  ['a size with an underscore', chunks(`0_5\r\nhello\r\n0\r\n\r\n`)],
  ['a size with a space', chunks(`5 \r\nhello\r\n0\r\n\r\n`)],
  ['no size', chunks(`\r\nhello\r\n0\r\n\r\n`)],
  ['a size above two to the power of 64', chunks(`10000000000000005\r\nhello\r\n0\r\n\r\n`)],
  ['a bare line feed after a size', chunks(`5\nhello\r\n0\r\n\r\n`)],
  ['a bare line feed after the data', chunks(`5\r\nhello\n0\r\n\r\n`)],
  ['more data than the size says', chunks(`3\r\nhello\r\n0\r\n\r\n`)],
  ['an extension with a bare line feed', chunks(`5;a\nhello\r\n0\r\n\r\n`)],
  ['an extension of 64 KiB', chunks(`5;${'a'.repeat(65_536)}\r\nhello\r\n0\r\n\r\n`)],
  ['a length as a trailer', chunks(`${hello}0\r\nContent-Length: 5\r\n\r\n`)],
  ['a coding as a trailer', chunks(`${hello}0\r\nTransfer-Encoding: chunked\r\n\r\n`)],
  ['a trailer with a bare line feed', chunks(`${hello}0\r\nX: a\nY: b\r\n\r\n`)],
  ['a trailer with NUL', chunks(`${hello}0\r\nX: a\0\r\n\r\n`)],
  ['trailers of 64 KiB', chunks(`${hello}0\r\nX: ${'a'.repeat(65_536)}\r\n\r\n`)],
].map(([name = '', bytes = '']) => ({ name: `chunks with ${name}`, bytes, client: 'cut' }))

/** What ends too early, too late, or where it must not begin. */
const ends: readonly HostileAnswer[] = [
  {
    name: 'a length that is too large',
    bytes: ok(['Content-Length: 50'], 'hello'),
    closes: true,
    client: 'cut',
  },
  { name: 'chunks without an end', bytes: chunks(hello), closes: true, client: 'cut' },
  { name: 'a head that ends too early', bytes: 'HTTP/1.1 200 OK\r\nX: y\r\n', closes: true, client: '502' },
  { name: 'no answer', bytes: '', closes: true, client: '502' },
  {
    name: 'a second answer',
    bytes: `${ok(['Content-Length: 5'], 'hello')}${poison}`,
    client: /\r\n\r\nhello$/,
  },
  {
    name: 'a second answer some time later',
    bytes: ok(['Content-Length: 5'], 'hello'),
    late: poison,
    client: /\r\n\r\nhello$/,
  },
  {
    name: 'bytes behind chunks',
    bytes: `${chunks(`${hello}0\r\n\r\n`)}${poison}`,
    client: /\r\n\r\n(?:5\r\n)?hello(?:\r\n0\r\n\r\n)?$/,
  },
  {
    name: 'a body of HEAD',
    method: 'HEAD',
    bytes: `${ok([`Content-Length: ${poison.length}`])}${poison}`,
    client: /^HTTP\/1\.1 200 [\s\S]*\r\n\r\n$/,
  },
  {
    name: 'a body of HEAD some time later',
    method: 'HEAD',
    bytes: ok([`Content-Length: ${poison.length}`]),
    late: poison,
    client: /^HTTP\/1\.1 200 [\s\S]*\r\n\r\n$/,
  },
  {
    name: 'chunks of HEAD',
    method: 'HEAD',
    bytes: `${chunks(`${hello}0\r\n\r\n`)}${poison}`,
    client: /^HTTP\/1\.1 200 [\s\S]*\r\n\r\n$/,
  },
  {
    name: 'a body of 204',
    bytes: `HTTP/1.1 204 No Content\r\nContent-Length: ${poison.length}\r\n\r\n${poison}`,
    client: /^HTTP\/1\.1 204 (?![\s\S]*content-length)[\s\S]*\r\n\r\n$/i,
  },
  {
    name: 'a body of 204 some time later',
    bytes: 'HTTP/1.1 204 No Content\r\n\r\n',
    late: poison,
    client: /^HTTP\/1\.1 204 [\s\S]*\r\n\r\n$/,
  },
  {
    name: 'a body of 304',
    bytes: `HTTP/1.1 304 Not Modified\r\nContent-Length: ${poison.length}\r\n\r\n${poison}`,
    client: /^HTTP\/1\.1 304 [\s\S]*\r\n\r\n$/,
  },
  {
    name: 'trailers that belong in the head',
    bytes: chunks(`${hello}0\r\nSet-Cookie: a=1\r\nContent-Type: text/html\r\nX-Sum: 1\r\n\r\n`),
    client: /^(?![\s\S]*(?:Set-Cookie|text\/html))HTTP\/1\.1 200 [\s\S]*X-Sum: 1\r\n\r\n$/,
  },
  {
    name: 'a field that Connection names',
    bytes: ok(['Connection: X-Hop, close', 'X-Hop: secret', 'Content-Length: 5'], 'hello'),
    client: /^(?![\s\S]*X-Hop)[\s\S]*\r\n\r\nhello$/,
  },
]

export const hostileAnswers: readonly HostileAnswer[] = [...lengths, ...heads, ...brokenChunks, ...ends]
