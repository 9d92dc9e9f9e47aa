import { type ContractSection, honoured, refused } from '../contract-row.ts'

/** An app that listens by itself. */
export const listeningRows = {
  title: 'Listening itself',
  heads: ['the app', 'what happens'],
  programs: refused(
    'LOCKSTEP_ERR_PROGRAM_EXPOSED',
    'A program listens where Lockstep asks it to, and nowhere where other machines reach it.',
  ),
  rows: {
    'exported and listening': {
      what: 'exports a server that already listens',
      inNode: refused('LOCKSTEP_ERR_APP_LISTENS_ITSELF', 'Remove the call of `listen()`.'),
    },
    'another server': {
      what: 'opens another server, such as one for metrics',
      inNode: honoured('It listens. The log warns with the address: Lockstep neither secures nor drains it.'),
    },
  },
} as const satisfies ContractSection
