import { type ContractSection, honoured } from '../contract-row.ts'

/** What an app may ask its server, which never listens. `presentServer()` answers for these. */
export const memberRows = {
  title: 'Methods and properties of an http.Server',
  heads: ['member', 'what happens'],
  programs: honoured('They are those of the server of the program.'),
  rows: {
    listening: {
      what: '`server.listening`',
      inNode: honoured('True from the event `listening` to `close`.'),
    },
    address: {
      what: '`server.address()`',
      inNode: honoured('The first address that Lockstep serves; `null` before `listening`.'),
    },
    getConnections: {
      what: '`server.getConnections()`',
      inNode: honoured('The number of connections of this process.'),
    },
    closeAllConnections: {
      what: '`server.closeAllConnections()`',
      inNode: honoured('Closes the HTTP/1.1 connections of this process.'),
    },
    closeIdleConnections: {
      what: '`server.closeIdleConnections()`',
      inNode: honoured('Closes those of them that are idle.'),
    },
    'socket.server': { what: '`socket.server`', inNode: honoured("The app's server.") },
  },
} as const satisfies ContractSection

/** A member of an app's server that Lockstep replaces. */
export type PresentedMember = Exclude<keyof (typeof memberRows)['rows'], 'socket.server'>
