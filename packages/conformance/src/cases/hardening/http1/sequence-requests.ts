import { fromSource, get, post } from './ambiguous-request.ts'

const second = 'GET /second HTTP/1.1\r\nHost: localhost\r\n\r\n'
const upgrade = ['Connection: Upgrade', 'Upgrade: outer-protocol']

/** What comes behind a request in the same piece. Nothing may be read after an answer that closes the connection: RFC 9112 section 9.6. */
export const sequenceRequests = fromSource('RFC 9112 section 9.6', [
  {
    name: 'two requests at once',
    bytes: `${get(['Host: localhost'])}${second}`,
    right: 'served',
    sees: [{}, { target: '/second' }],
    source: 'RFC 9112 section 9.3.2',
    probe: 'SMUG-PIPELINE-SAFE',
  },
  {
    name: 'a second one after a refused one: no Host',
    bytes: `${get(['X: y'])}${second}`,
    right: 'refused',
  },
  {
    name: 'a second one after a refused one: two hosts',
    bytes: `${get(['Host: localhost', 'Host: other.test'])}${second}`,
    right: 'refused',
  },
  {
    name: 'a second one after a refused one: too many fields',
    bytes: `${get(['Host: localhost', ...new Array<string>(1_500).fill('a: b')])}${second}`,
    right: 'refused',
  },
  {
    name: 'a second one after a refused one: an odd target',
    bytes: `GET outer HTTP/1.1\r\nHost: localhost\r\n\r\n${second}`,
    right: 'refused',
  },
  {
    name: 'a second one after a refused one with a body',
    bytes: `${post(['Host: other.test', 'Content-Length: 5'], 'hello')}${second}`,
    right: 'refused',
  },
  {
    name: 'a second one after a broken one',
    bytes: `GET /outer HTTP/1.1\r\nHost: localhost\r\nX : y\r\n\r\n${second}`,
    right: 'refused',
  },
  {
    name: 'a second one after CONNECT',
    bytes: `CONNECT localhost:80 HTTP/1.1\r\nHost: localhost:80\r\n\r\n${second}`,
    right: 'refused',
    source: 'RFC 9110 section 9.3.6',
  },
  {
    name: 'CONNECT behind a request: its answer waits',
    bytes: `${get(['Host: localhost'])}CONNECT localhost:80 HTTP/1.1\r\nHost: localhost:80\r\n\r\n`,
    right: 'served',
    source: 'RFC 9112 section 9.3.2',
  },
  {
    name: 'an upgrade behind a request: its answer waits',
    bytes: `${get(['Host: localhost'])}GET /second HTTP/1.1\r\nHost: localhost\r\n${upgrade.join('\r\n')}\r\n\r\n`,
    right: 'served',
    sees: [{}, { target: '/second' }],
    source: 'RFC 9112 section 9.3.2',
  },
  {
    name: 'a second one after Connection: close',
    bytes: `${get(['Host: localhost', 'Connection: close'])}${second}`,
    right: 'served',
  },
  {
    name: 'a second one after HTTP/1.0',
    bytes: `GET /outer HTTP/1.0\r\nHost: localhost\r\n\r\n${second}`,
    right: 'served',
    source: 'RFC 9112 section 9.3',
    probe: 'COMP-HTTP10-DEFAULT-CLOSE',
  },
  {
    name: 'an expectation of HTTP/1.0 is ignored',
    bytes:
      'POST /outer HTTP/1.0\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\nhello',
    right: 'either',
    sees: [{ body: 'hello' }],
    source: 'RFC 9110 section 10.1.1',
    probe: 'COMP-NO-1XX-HTTP10',
  },
  {
    name: 'an expectation with the body at once',
    bytes: `${post(['Expect: 100-continue', 'Content-Length: 5'], 'hello')}${second}`,
    right: 'either',
    sees: [{ body: 'hello' }, { method: 'GET', target: '/second' }],
    // An answer without 100 before it may be the last one.
    mayClose: true,
    source: 'RFC 9110 section 10.1.1',
    probe: 'SMUG-EXPECT-100-CL-DESYNC',
  },
  {
    name: 'an upgrade that the app does not know',
    bytes: get(['Host: localhost', ...upgrade]),
    right: 'either',
    source: 'RFC 9110 section 7.8',
    probe: 'COMP-UPGRADE-UNKNOWN',
  },
  {
    name: 'an upgrade that the app does not know, and a second one',
    bytes: `${get(['Host: localhost', ...upgrade])}${second}`,
    right: 'either',
    sees: [{}, { target: '/second' }],
    mayClose: true,
    source: 'RFC 9110 section 7.8',
    probe: 'COMP-UPGRADE-UNKNOWN',
  },
  {
    name: 'an upgrade with a body, and a second one',
    bytes: `${post([...upgrade, 'Content-Length: 5'], 'hello')}${second}`,
    right: 'either',
    sees: [{ body: 'hello' }, { method: 'GET', target: '/second' }],
    mayClose: true,
    source: 'RFC 9110 section 7.8',
    probe: 'COMP-UPGRADE-POST',
  },
  {
    name: 'an upgrade to HTTP/2 without TLS',
    bytes: `${get(['Host: localhost', 'Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABkAAQAAP__'])}${second}`,
    right: 'either',
    sees: [{}, { target: '/second' }],
    mayClose: true,
    source: 'RFC 9113 section 3.1: the upgrade is gone',
  },
])
