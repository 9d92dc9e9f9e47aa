import { type ContractAnswer, type ContractSection, honoured } from '../contract-row.ts'

/** The launch fails with what the listener has thrown, because plain Node would end the process. */
function orCrash(how: string): ContractAnswer {
  return {
    honoured: how,
    refused: 'LOCKSTEP_ERR_APP_CRASH',
    says: 'If it throws at the start, the launch fails.',
  }
}

/** The events of an `http.Server`. `BroughtServer` calls listeners for these alone, so a new event breaks the build until it has its row. */
export const eventRows = {
  title: 'Listeners of an http.Server',
  heads: ['event', 'what happens'],
  programs: honoured('The server of a program calls them for the connections from the front.'),
  rows: {
    request: {
      what: '`request`',
      inNode: honoured('Gets requests that have passed the limits, the health paths and the checks.'),
    },
    checkContinue: {
      what: '`checkContinue`',
      inNode: honoured('Called instead of the automatic 100, over HTTP/2 too.'),
    },
    checkExpectation: {
      what: '`checkExpectation`',
      inNode: honoured('Called instead of the automatic 417, over HTTP/2 too.'),
    },
    upgrade: { what: '`upgrade`', inNode: honoured('See [upgrades](#upgrades).') },
    connect: {
      what: '`connect`',
      inNode: honoured('Gets CONNECT over HTTP/1.1. Otherwise CONNECT gets 405.'),
    },
    clientError: {
      what: '`clientError`',
      inNode: honoured("Called instead of Node's own answers, except for Lockstep's check of itself."),
    },
    timeout: { what: '`timeout`', inNode: honoured('Called instead of closing the connection.') },
    connection: {
      what: '`connection`',
      inNode: orCrash('Gets the socket before a request is read. If it throws, the socket is closed.'),
    },
    secureConnection: {
      what: '`secureConnection`',
      inNode: orCrash('Called like `connection`, where Lockstep ends TLS.'),
    },
    tlsClientError: { what: '`tlsClientError`', inNode: honoured('Called where Lockstep ends TLS.') },
    dropRequest: { what: '`dropRequest`', inNode: honoured('Called above `maxRequestsPerSocket`.') },
    drop: { what: '`drop`', inNode: honoured('Called above the limit of connections.') },
    listening: {
      what: '`listening`',
      single: orCrash('Called once, when connections are accepted.'),
      cluster: orCrash(
        'Called once in each worker, under `--balance round-robin` with its first connection.',
      ),
    },
    close: {
      what: '`close`',
      inNode: honoured('Called after the last connection, before the app is closed.'),
    },
    error: {
      what: '`error`',
      inNode: honoured('Not needed: an address that cannot be bound fails the launch.'),
    },
  },
} as const satisfies ContractSection

/** An event of an app's server for which Lockstep calls its listeners. */
export type ServerEvent = keyof (typeof eventRows)['rows']
