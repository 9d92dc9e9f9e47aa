import { fromSource, head } from './odd-stream.ts'

const withField = (name: string, value: string) => head({}, [[name, value]])
/** To leave the field out is as safe as to refuse the request, and what nghttp2 does. It must not reach the app in any form. */
const malformed = 'either' as const

/** Fields whose names or values would end a line of HTTP/1.1, or that belong to one connection: RFC 9113 sections 8.2.1 and 8.2.2. */
export const fieldStreams = fromSource('RFC 9113 section 8.2.1', [
  {
    name: 'a name in upper case',
    fields: withField('X-Upper', 'y'),
    right: malformed,
    source: 'RFC 9113 section 8.2',
  },
  { name: 'an empty name', fields: withField('', 'y'), right: malformed },
  { name: 'a name with a space', fields: withField('x y', 'z'), right: malformed },
  { name: 'a name with a colon', fields: withField('x:y', 'z'), right: malformed },
  { name: 'a name with a line end', fields: withField('x\r\ny', 'z'), right: malformed },
  { name: 'a name with a line feed', fields: withField('x\ny', 'z'), right: malformed },
  { name: 'a name with NUL', fields: withField('x\0y', 'z'), right: malformed },
  { name: 'a name with DEL', fields: withField('x\x7fy', 'z'), right: malformed },
  { name: 'a name above ASCII', fields: withField('x\xe4', 'z'), right: malformed },
  { name: 'a value with a line end', fields: withField('x', 'y\r\nz: 1'), right: malformed },
  {
    name: 'a value with two line ends',
    fields: withField('x', 'y\r\n\r\nGET /smuggled HTTP/1.1\r\n'),
    right: malformed,
  },
  { name: 'a value with a line feed', fields: withField('x', 'y\nz: 1'), right: malformed },
  { name: 'a value with a carriage return', fields: withField('x', 'y\rz'), right: malformed },
  { name: 'a value with NUL', fields: withField('x', 'y\0z'), right: malformed },
  {
    name: 'a value with a control character',
    fields: withField('x', 'y\x01z'),
    right: malformed,
    source: 'RFC 9110 section 5.5',
  },
  {
    name: 'a value with DEL',
    fields: withField('x', 'y\x7fz'),
    right: malformed,
    source: 'RFC 9110 section 5.5',
  },
  {
    name: 'a value above ASCII',
    fields: withField('x', '\xe4\x9b'),
    right: 'either',
    source: 'RFC 9110 section 5.5: obs-text',
  },
  { name: 'a value with spaces around it', fields: withField('x', ' y '), right: 'either' },
  { name: 'a cookie with a line end', fields: withField('cookie', 'a=b\r\nx: y'), right: malformed },
  {
    name: 'cookies in two fields',
    fields: head({}, [
      ['cookie', 'a=b'],
      ['cookie', 'c=d'],
    ]),
    right: 'served',
    source: 'RFC 9113 section 8.2.3',
  },
  ...[
    ['connection', 'close'],
    ['connection', 'x-outer'],
    ['keep-alive', 'timeout=5'],
    ['proxy-connection', 'keep-alive'],
    ['transfer-encoding', 'chunked'],
    ['transfer-encoding', 'identity'],
    ['upgrade', 'websocket'],
    ['te', 'gzip'],
    ['te', 'trailers, gzip'],
  ].map(([name = '', value = '']) => ({
    name: `${name}: ${value}`,
    fields: withField(name, value),
    right: 'refused' as const,
    source: 'RFC 9113 section 8.2.2',
  })),
  {
    name: 'te: trailers',
    fields: withField('te', 'trailers'),
    right: 'served',
    source: 'RFC 9113 section 8.2.2',
  },
  {
    name: 'transfer-encoding with a body',
    fields: head({ method: 'POST' }, [['transfer-encoding', 'chunked']]),
    body: '0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n',
    right: 'refused',
    source: 'RFC 9113 section 8.2.2',
  },
])
