import { fromSource, get } from './ambiguous-request.ts'

const hosted = (value: string): string => get([`Host: ${value}`])
const absolute = (target: string, ...fields: string[]): string =>
  ['GET ', target, ' HTTP/1.1\r\n', ...fields.map((field) => `${field}\r\n`), '\r\n'].join('')

/** One `Host`, which names a host and perhaps a port: RFC 9112 section 3.2, RFC 9110 section 7.2. */
export const hostRequests = fromSource('RFC 9112 section 3.2', [
  { name: 'none', bytes: get(['X: y']), right: 'refused', probe: 'RFC9112-7.1-MISSING-HOST' },
  {
    name: 'none, and an absolute target',
    bytes: absolute('http://localhost/outer'),
    right: 'refused',
  },
  {
    name: 'two different ones',
    bytes: get(['Host: localhost', 'Host: other.test']),
    right: 'refused',
    probe: 'RFC9110-5.4-DUPLICATE-HOST',
  },
  {
    name: 'two equal ones',
    bytes: get(['Host: localhost', 'Host: localhost']),
    right: 'refused',
    probe: 'COMP-DUPLICATE-HOST-SAME',
  },
  {
    name: 'two in different spelling',
    bytes: get(['Host: localhost', 'X: y', 'hOST: other.test']),
    right: 'refused',
  },
  {
    name: 'two with a comma',
    bytes: hosted('localhost, other.test'),
    right: 'refused',
    probe: 'SMUG-MULTIPLE-HOST-COMMA',
  },
  { name: 'a comma without a space', bytes: hosted('localhost,other.test'), right: 'refused' },
  { name: 'two words', bytes: hosted('localhost other.test'), right: 'refused' },
  { name: 'a tab inside', bytes: hosted('localhost\tother.test'), right: 'refused' },
  { name: 'a user', bytes: hosted('user@localhost'), right: 'refused', probe: 'COMP-HOST-WITH-USERINFO' },
  { name: 'a user with a password', bytes: hosted('user:secret@localhost'), right: 'refused' },
  { name: 'a path', bytes: hosted('localhost/outer'), right: 'refused', probe: 'COMP-HOST-WITH-PATH' },
  { name: 'a query', bytes: hosted('localhost?a'), right: 'refused' },
  { name: 'a fragment', bytes: hosted('localhost#a'), right: 'refused' },
  { name: 'a backslash', bytes: hosted('localhost\\other.test'), right: 'refused' },
  { name: 'a scheme', bytes: hosted('http://localhost'), right: 'refused' },
  { name: 'a port that is not a number', bytes: hosted('localhost:8a'), right: 'refused' },
  { name: 'a negative port', bytes: hosted('localhost:-1'), right: 'refused' },
  { name: 'two ports', bytes: hosted('localhost:1:2'), right: 'refused' },
  { name: 'a port without a host', bytes: hosted(':80'), right: 'refused', source: 'RFC 9110 section 4.2.1' },
  { name: 'an open bracket', bytes: hosted('[::1'), right: 'refused' },
  { name: 'a name in brackets', bytes: hosted('[localhost]'), right: 'refused' },
  { name: 'quotes', bytes: hosted('"localhost"'), right: 'refused' },
  { name: 'bytes above ASCII', bytes: hosted('l\xf6calhost'), right: 'refused' },
  { name: 'an incomplete escape', bytes: hosted('localhost%2'), right: 'refused' },
  {
    name: 'empty',
    bytes: hosted(''),
    right: 'either',
    sees: [{ host: '' }],
    probe: 'COMP-HOST-EMPTY-VALUE',
  },
  { name: 'a port', bytes: hosted('localhost:8080'), right: 'served', sees: [{ host: 'localhost:8080' }] },
  { name: 'an address of IPv6', bytes: hosted('[::1]:80'), right: 'served', sees: [{ host: '[::1]:80' }] },
  {
    name: 'another host than that of the absolute target, which counts',
    bytes: absolute('http://other.test/outer', 'Host: localhost'),
    right: 'either',
    sees: [{ target: 'http://other.test/outer', host: 'other.test' }],
    source: 'RFC 9112 section 3.2.2',
    probe: 'SMUG-ABSOLUTE-URI-HOST-MISMATCH',
  },
  {
    name: 'an absolute target with a user',
    bytes: absolute('http://user@localhost/outer', 'Host: localhost'),
    right: 'refused',
    source: 'RFC 9110 section 4.2.4',
  },
  {
    name: 'an absolute target without a host',
    bytes: absolute('http:///outer', 'Host: localhost'),
    right: 'refused',
    source: 'RFC 9110 section 4.2.1',
  },
  {
    name: 'an absolute target with two ports',
    bytes: absolute('http://localhost:1:2/outer', 'Host: localhost'),
    right: 'refused',
  },
  {
    name: 'an absolute target of another scheme',
    bytes: absolute('ftp://localhost/outer', 'Host: localhost'),
    right: 'either',
    sees: [{ target: 'ftp://localhost/outer' }],
    source: 'RFC 9110 sections 4.2 and 7.4',
  },
  {
    name: 'an absolute target with a backslash before its path',
    bytes: absolute('http://localhost\\@other.test/outer', 'Host: localhost'),
    right: 'refused',
  },
])
