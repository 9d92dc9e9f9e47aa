import { fromSource, head } from './odd-stream.ts'

const post = (...lengths: string[]) =>
  head(
    { method: 'POST' },
    lengths.map((length) => ['content-length', length] as const),
  )
const body = 'hello'

/** The length of a body is that of its DATA frames, and `content-length` has to say the same: RFC 9113 section 8.1.1. */
export const lengthStreams = fromSource('RFC 9113 section 8.1.1', [
  { name: 'the right length', fields: post('5'), body, right: 'served', sees: { body } },
  { name: 'no length', fields: post(), body, right: 'served', sees: { body } },
  { name: 'a length too small', fields: post('4'), body, right: 'cut' },
  { name: 'a length of zero', fields: post('0'), body, right: 'cut' },
  { name: 'a length too large', fields: post('6'), body, right: 'cut' },
  { name: 'a length without a body', fields: post('5'), right: 'cut' },
  { name: 'two equal lengths', fields: post('5', '5'), body, right: 'either', sees: { body } },
  { name: 'two different lengths', fields: post('5', '6'), body, right: 'refused' },
  { name: 'a list of lengths', fields: post('5, 5'), body, right: 'refused' },
  { name: 'a length with a plus sign', fields: post('+5'), body, right: 'refused' },
  { name: 'a negative length', fields: post('-5'), body, right: 'refused' },
  { name: 'a hexadecimal length', fields: post('0x5'), body, right: 'refused' },
  { name: 'an empty length', fields: post(''), body, right: 'refused' },
  {
    name: 'a length above two to the power of 64',
    fields: post('18446744073709551621'),
    body,
    right: 'refused',
  },
  { name: 'a length with a space before it', fields: post(' 5'), body, right: 'either', sees: { body } },
  {
    name: 'a name with an underscore',
    fields: head({ method: 'POST' }, [['content_length', '0']]),
    body,
    right: 'either',
    sees: { body },
  },
  {
    name: 'trailers',
    fields: post(),
    body,
    trailers: [['x-outer', 'y']],
    right: 'served',
    sees: { body },
    source: 'RFC 9113 section 8.1',
  },
  {
    name: 'a pseudo-header field in trailers',
    fields: post(),
    body,
    trailers: [[':path', '/smuggled']],
    right: 'cut',
    source: 'RFC 9113 section 8.1',
  },
  {
    name: 'a name in upper case in trailers',
    fields: post(),
    body,
    trailers: [['X-Outer', 'y']],
    right: 'cut',
    source: 'RFC 9113 section 8.2',
  },
  {
    name: 'a line end in trailers',
    fields: post(),
    body,
    trailers: [['x-outer', 'y\r\nz: 1']],
    right: 'either',
    sees: { body },
    source: 'RFC 9113 section 8.2.1',
  },
  ...['content-length', 'transfer-encoding', 'host'].map((name) => ({
    name: `${name} in trailers`,
    fields: post(),
    body,
    trailers: [[name, name === 'host' ? 'other.test' : '50']] as const,
    right: 'either' as const,
    sees: { body },
    source: 'RFC 9110 section 6.5.1: never merged into the header fields',
  })),
])
