import { type ContractSection, honoured } from '../contract-row.ts'

/** Connections that leave HTTP (RFC 9110 section 7.8 and section 9.3.6). */
export const upgradeRows = {
  title: 'Upgrades',
  heads: ['the upgrade', 'what happens'],
  programs: honoured('Passed on to the program, unless it is `h2c`, `TLS/…` or `HTTP/…`.'),
  rows: {
    any: {
      what: 'to any protocol, with a listener for `upgrade`',
      inNode: honoured('The listener gets it after the same limits and checks as a request.'),
    },
    'web sockets alone': {
      what: 'when all listeners pass it to a WebSocket library',
      inNode: honoured('They get `websocket` alone. Others are ordinary requests.'),
    },
    'no listener': {
      what: 'without a listener',
      inNode: honoured('It is an ordinary request, as RFC 9110 allows.'),
    },
    'of http': {
      what: '`h2c`, `TLS/…`, `HTTP/…`',
      inNode: honoured('Never reaches the app: it is an ordinary request.'),
    },
    'health path': {
      what: 'on a health path, or refused by a check',
      inNode: honoured('Answered as an ordinary request.'),
    },
    'requests without a listener': {
      what: 'a request to a server with listeners for upgrades only',
      inNode: honoured('Gets 426.'),
    },
    'handler that fails': {
      what: 'a handler that throws or rejects',
      inNode: honoured('It is logged, and costs this connection alone.'),
    },
    CONNECT: {
      what: 'CONNECT',
      inNode: honoured('Goes to listeners for `connect`, else gets 405.'),
      programs: honoured('Gets 405, except for a WebSocket over HTTP/2.'),
    },
  },
} as const satisfies ContractSection
