import type { StopSignal } from '../../app-signals.ts'
import { type ContractRow, type ContractSection, honoured } from '../contract-row.ts'

const afterTheDrain = honoured(
  'Called once, after the last response, with the signal that stopped the launcher.',
)

/** Signals, and listeners of the app for them. Each signal that ends a server has its row. */
export const signalRows = {
  title: 'Signals',
  heads: ['the app', 'what happens'],
  programs: honoured(
    'The program gets SIGTERM, or the signal of `--stop-signal`, once, after the last response.',
  ),
  rows: {
    SIGTERM: { what: "`process.on('SIGTERM', …)`", inNode: afterTheDrain },
    SIGINT: { what: "`process.on('SIGINT', …)`", inNode: afterTheDrain },
    SIGQUIT: { what: "`process.on('SIGQUIT', …)`", inNode: afterTheDrain },
    SIGHUP: {
      what: "`process.on('SIGHUP', …)`",
      inNode: honoured('Called likewise, if the terminal has closed. Else SIGHUP is a reload.'),
    },
    SIGBREAK: { what: "`process.on('SIGBREAK', …)`, on Windows", inNode: afterTheDrain },
    'SIGUSR1, SIGUSR2': {
      what: "`process.on('SIGUSR2', …)`, `'SIGUSR1'`",
      inNode: honoured(
        'Called in the process that gets the signal, beside the launcher, which opens its logs again.',
      ),
    },
    'a listener that throws': {
      what: 'a listener that throws or rejects',
      inNode: honoured('It is logged, and the stop goes on.'),
    },
    'exit in a listener': {
      what: '`process.exit(3)` in such a listener',
      inNode: honoured('Ends the process. The launcher keeps its own exit code.'),
    },
    'a signal to itself': {
      what: '`process.kill(process.pid, signal)` in such a listener',
      inNode: honoured('Ends the process once it does not listen to that signal any more.'),
    },
    beforeExit: {
      what: "`process.on('beforeExit', …)`",
      inNode: honoured('Called when nothing keeps the event loop alive after the drain.'),
    },
    'a listener that hangs': {
      what: 'a listener that never ends the process',
      inNode: honoured('The process ends at `timeouts.graceful`. The log says so.'),
    },
  },
} as const satisfies ContractSection & { readonly rows: { readonly [Name in StopSignal]: ContractRow } }
