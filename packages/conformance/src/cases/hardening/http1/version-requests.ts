import { fromSource } from './ambiguous-request.ts'

const host = 'Host: localhost\r\n'
const versioned = (version: string): string => `GET /outer ${version}\r\n${host}\r\n`
const withMethod = (method: string): string => `${method} /outer HTTP/1.1\r\n${host}\r\n`

/** Versions (RFC 9112 section 2.3) and methods (RFC 9110 section 9.1), whose letters are case-sensitive. */
export const versionRequests = fromSource('RFC 9112 section 2.3', [
  {
    name: 'HTTP/0.9, without a version',
    bytes: 'GET /outer\r\n\r\n',
    right: 'refused',
    probe: 'RFC9112-2.3-HTTP09-REQUEST',
  },
  { name: 'HTTP/0.9 with a field', bytes: `GET /outer\r\n${host}\r\n`, right: 'refused' },
  { name: 'the version 0.9', bytes: versioned('HTTP/0.9'), right: 'refused' },
  {
    name: 'the version 1.0, without Host',
    bytes: 'GET /outer HTTP/1.0\r\n\r\n',
    right: 'either',
    sees: [{ host: '' }],
    probe: 'COMP-HTTP10-NO-HOST',
  },
  { name: 'the version 1.2', bytes: versioned('HTTP/1.2'), right: 'either', probe: 'COMP-HTTP12-VERSION' },
  { name: 'the version 2.0', bytes: versioned('HTTP/2.0'), right: 'refused' },
  { name: 'the version 3.0', bytes: versioned('HTTP/3.0'), right: 'refused' },
  {
    name: 'the version 9.9',
    bytes: versioned('HTTP/9.9'),
    right: 'refused',
    probe: 'RFC9112-2.3-INVALID-VERSION',
  },
  {
    name: 'no minor version',
    bytes: versioned('HTTP/1'),
    right: 'refused',
    probe: 'COMP-VERSION-MISSING-MINOR',
  },
  {
    name: 'a zero before the version',
    bytes: versioned('HTTP/01.1'),
    right: 'refused',
    probe: 'COMP-VERSION-LEADING-ZEROS',
  },
  { name: 'a zero before the minor version', bytes: versioned('HTTP/1.01'), right: 'refused' },
  { name: 'a second digit', bytes: versioned('HTTP/1.11'), right: 'refused' },
  { name: 'lower case', bytes: versioned('http/1.1'), right: 'refused', probe: 'COMP-VERSION-CASE' },
  { name: 'another protocol', bytes: versioned('RTSP/1.0'), right: 'either' },
  { name: 'a comma instead of the dot', bytes: versioned('HTTP/1,1'), right: 'refused' },
  {
    name: 'the preface of HTTP/2',
    bytes: 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    right: 'refused',
    source: 'RFC 9113 section 3.4',
    probe: 'MAL-H2-PREFACE',
  },
  {
    name: 'a method in lower case',
    bytes: withMethod('get'),
    right: 'refused',
    source: 'RFC 9110 section 9.1',
    probe: 'COMP-METHOD-CASE',
  },
  {
    name: 'a method in mixed case',
    bytes: withMethod('Get'),
    right: 'refused',
    source: 'RFC 9110 section 9.1',
  },
  {
    name: 'an unknown method',
    bytes: withMethod('OUTER'),
    right: 'refused',
    source: 'RFC 9110 section 9.1',
    probe: 'COMP-UNKNOWN-METHOD',
  },
  { name: 'NUL in a method', bytes: withMethod('GE\0T'), right: 'refused', source: 'RFC 9110 section 9.1' },
  {
    name: 'a control character before the method',
    bytes: withMethod('\x01GET'),
    right: 'refused',
    source: 'RFC 9110 section 9.1',
  },
  {
    name: 'a method of 64 KiB',
    bytes: withMethod('A'.repeat(65_536)),
    right: 'refused',
    source: 'RFC 9110 section 9.1',
    probe: 'MAL-LONG-METHOD',
  },
])
