import type { MessageMember } from '../../app-messages.ts'
import { type ContractRow, type ContractSection, honoured, refused } from '../contract-row.ts'

/** Messages as under node:cluster and PM2. Each member of `process` that an app finds has its row. */
export const messageRows = {
  title: 'Messages',
  heads: ['the app', 'what happens'],
  programs: honoured('A program has no channel to the launcher.'),
  rows: {
    send: {
      what: '`process.send(message)`',
      inNode: honoured('The program that called `launch()` gets it: event `message:received`.'),
    },
    ready: {
      what: "`process.send('ready')`, with `--wait-ready`",
      inNode: {
        honoured: 'The server waits for it.',
        refused: 'LOCKSTEP_ERR_BOOT_TIMEOUT',
        says: 'The launch fails if it does not come in time.',
      },
      programs: refused(
        'LOCKSTEP_ERR_OPTION_REFUSED',
        'Use `--upstream-ready-path` or `--upstream-ready-output`.',
      ),
    },
    shutdown: {
      what: "`process.on('message', …)`, with `--shutdown-with-message`",
      inNode: honoured("Gets `'shutdown'` after the last response, instead of the signal."),
      programs: refused('LOCKSTEP_ERR_OPTION_REFUSED', 'Use `--stop-signal`.'),
    },
    disconnect: {
      what: '`process.disconnect()`',
      inNode: honoured("Ends the app's side alone: the process serves on."),
    },
    connected: { what: '`process.connected`', inNode: honoured('True until `disconnect()`.') },
    channel: {
      what: '`process.channel.unref()`, `ref()`',
      inNode: honoured('Has no effect on the life of the process.'),
    },
    handle: {
      what: '`process.send(message, handle)`',
      inNode: { throws: 'ERR_INVALID_HANDLE_TYPE', says: 'The launcher accepts no handles.' },
    },
    'too large': {
      what: 'a message above 1 MiB or 200 levels',
      inNode: { throws: 'ERR_OUT_OF_RANGE', says: 'Send less, or a path to a file.' },
    },
    'not JSON': {
      what: 'a function, a symbol or `undefined`',
      inNode: { throws: 'ERR_INVALID_ARG_TYPE', says: 'Messages are sent as JSON.' },
    },
    'after disconnect': {
      what: '`process.send()` after `disconnect()`',
      inNode: { throws: 'ERR_IPC_CHANNEL_CLOSED', says: 'Its callback gets the error.' },
    },
  },
} as const satisfies ContractSection & { readonly rows: { readonly [Name in MessageMember]: ContractRow } }
