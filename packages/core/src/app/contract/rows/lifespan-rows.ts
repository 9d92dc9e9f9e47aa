import type { Lifespan, LifespanContext } from '../../lifespan.ts'
import { type ContractRow, type ContractSection, honoured } from '../contract-row.ts'

/** What a module exports beside the app. A new member of `Lifespan` or its context breaks the build until it has its row. */
export const lifespanRows = {
  title: 'Exports beside the app',
  heads: ['export', 'what happens'],
  programs: honoured('A program starts and ends itself. The options say when it is ready.'),
  rows: {
    start: {
      what: '`start(context)`',
      inNode: {
        honoured: 'Awaited in every process before it serves.',
        refused: 'LOCKSTEP_ERR_APP_START',
        says: 'The launch fails if it throws.',
      },
    },
    stop: { what: '`stop(context)`', inNode: honoured('Awaited after the last response.') },
    worker: {
      what: '`context.worker`',
      single: honoured('`null`.'),
      cluster: honoured('The number of the worker, from 1.'),
    },
    signal: {
      what: '`context.signal`',
      inNode: honoured('Aborted when the process begins to drain, or its boot is given up.'),
    },
    others: {
      what: 'other exports, and methods of the app',
      inNode: honoured('Not called: `start()` of hapi would listen.'),
    },
  },
} as const satisfies ContractSection & {
  readonly rows: { readonly [Name in keyof Lifespan | keyof LifespanContext]-?: ContractRow }
}
