import { type ContractSection, honoured } from '../contract-row.ts'

/** What an app starts. */
export const childRows = {
  title: 'Processes and threads of the app',
  heads: ['the app', 'what happens'],
  programs: honoured('They belong to the program, and end with it at the latest.'),
  rows: {
    'child process': {
      what: '`child_process.spawn()` and the like',
      inNode: honoured('Works as in Node. A child that the app does not end survives a graceful stop.'),
    },
    'child of a killed process': {
      what: 'a child when the process of the app is killed',
      single: honoured('It survives, as in Node.'),
      cluster: honoured('It is killed too, when the launcher kills a worker or is killed itself.'),
    },
    'worker thread': {
      what: '`new Worker()` of `node:worker_threads`',
      inNode: honoured(
        'Works as in Node: it ends with the process, and its `process.exit()` ends the thread.',
      ),
    },
  },
} as const satisfies ContractSection
