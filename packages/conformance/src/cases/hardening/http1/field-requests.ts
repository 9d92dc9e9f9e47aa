import { fromSource, get, post, smuggled } from './ambiguous-request.ts'

const host = 'Host: localhost'
const withField = (field: string): string => get([host, field])

/** Names are tokens, directly followed by a colon (RFC 9112 section 5), and no value has a control character but tab (RFC 9110 section 5.5). */
export const fieldRequests = fromSource('RFC 9112 section 5', [
  {
    name: 'a space before the colon',
    bytes: withField('X : y'),
    right: 'refused',
    source: 'RFC 9112 section 5.1',
    probe: 'RFC9110-5.6.2-SP-BEFORE-COLON',
  },
  {
    name: 'a tab before the colon',
    bytes: withField('X\t: y'),
    right: 'refused',
    source: 'RFC 9112 section 5.1',
    probe: 'NORM-TAB-IN-NAME',
  },
  {
    name: 'a space before the colon of Content-Length',
    bytes: post(['Content-Length : 5'], `hello${smuggled}`),
    right: 'refused',
    source: 'RFC 9112 section 5.1',
    probe: 'NORM-SP-BEFORE-COLON-CL',
  },
  { name: 'a space before the colon of Host', bytes: get(['Host : localhost']), right: 'refused' },
  {
    name: 'a name of two words',
    bytes: withField('X Y: z'),
    right: 'refused',
    probe: 'RFC9112-5-INVALID-HEADER-NAME',
  },
  { name: 'no name', bytes: withField(': y'), right: 'refused', probe: 'RFC9112-5-EMPTY-HEADER-NAME' },
  { name: 'no colon', bytes: withField('X-Alone'), right: 'refused', probe: 'RFC9112-5-HEADER-NO-COLON' },
  { name: 'NUL in a name', bytes: withField('X\0Y: z'), right: 'refused' },
  { name: 'a control character in a name', bytes: withField('X\x01Y: z'), right: 'refused' },
  { name: 'DEL in a name', bytes: withField('X\x7fY: z'), right: 'refused' },
  {
    name: 'a name outside of ASCII',
    bytes: withField('X-\xc3\xa4: y'),
    right: 'refused',
    probe: 'MAL-NON-ASCII-HEADER-NAME',
  },
  { name: 'brackets in a name', bytes: withField('X[a]: y'), right: 'refused' },
  { name: 'a slash in a name', bytes: withField('X/Y: z'), right: 'refused' },
  {
    name: 'NUL in a value',
    bytes: withField('X: a\0b'),
    right: 'refused',
    source: 'RFC 9110 section 5.5',
    probe: 'MAL-NUL-IN-HEADER-VALUE',
  },
  ...[0x01, 0x07, 0x08, 0x0b, 0x0c, 0x1b, 0x1f, 0x7f].map((code) => ({
    name: `the character ${code} in a value`,
    bytes: withField(`X: a${String.fromCharCode(code)}b`),
    right: 'refused' as const,
    source: 'RFC 9110 section 5.5',
    probe: 'MAL-CONTROL-CHARS-HEADER',
  })),
  {
    name: 'a tab inside a value',
    bytes: withField('X: a\tb'),
    right: 'served',
    source: 'RFC 9110 section 5.5',
  },
  {
    name: 'bytes above ASCII in a value',
    bytes: withField('X: \xc3\xa4\x9b'),
    right: 'either',
    source: 'RFC 9110 section 5.5: obs-text',
  },
  {
    name: 'a value of 64 KiB',
    bytes: withField(`X: ${'a'.repeat(65_536)}`),
    right: 'refused',
    source: 'RFC 6585 section 5',
    probe: 'MAL-LONG-HEADER-VALUE',
  },
  {
    name: 'a name of 64 KiB',
    bytes: withField(`${'a'.repeat(65_536)}: x`),
    right: 'refused',
    source: 'RFC 6585 section 5',
    probe: 'MAL-LONG-HEADER-NAME',
  },
  {
    name: 'ten thousand fields',
    bytes: get([host, ...new Array<string>(10_000).fill('a: b')]),
    right: 'refused',
    source: 'RFC 6585 section 5',
    probe: 'MAL-MANY-HEADERS',
  },
])
