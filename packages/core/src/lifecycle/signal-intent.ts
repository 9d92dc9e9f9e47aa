/** Two of them within this time are one: npm forwards a Ctrl-C that the terminal has sent to its child already. */
const sameKeyPressMs = 500

/** What a signal asks of the server. */
export type SignalIntent = 'reload' | 'reopen-logs' | 'stop' | 'scale-up' | 'scale-down'

/** As nginx and Gunicorn have it with SIGUSR1, and others with SIGUSR2. */
export const logSignals = ['SIGUSR1', 'SIGUSR2'] as const

export interface ReceivedSignal {
  readonly signal: NodeJS.Signals
  /** Milliseconds of any steady clock. */
  readonly atMs: number
  /** The terminal on which this process was started is gone. */
  readonly terminalGone?: boolean
}

const meanings: Readonly<Partial<Record<NodeJS.Signals, SignalIntent>>> = {
  SIGHUP: 'reload',
  // As in Gunicorn and Puma.
  SIGTTIN: 'scale-up',
  SIGTTOU: 'scale-down',
  SIGUSR1: 'reopen-logs',
  SIGUSR2: 'reopen-logs',
}

/**
 * What a signal means after those that came before it. SIGHUP reloads, as in nginx and Gunicorn, unless it comes because the
 * terminal has closed. Every other one that is watched is a stop, and `null` if it only repeats the last one.
 */
export function signalIntent(
  received: ReceivedSignal,
  earlier: readonly ReceivedSignal[],
): SignalIntent | null {
  const meaning = meaningOf(received)
  // A drain may take long, and what is logged meanwhile is rotated as ever.
  if (meaning === 'reopen-logs') return meaning
  if (meaning !== 'stop') return earlier.some((one) => meaningOf(one) === 'stop') ? null : meaning
  const isRepeated = earlier.some(
    (one) => meaningOf(one) === 'stop' && received.atMs - one.atMs < sameKeyPressMs,
  )
  return isRepeated ? null : 'stop'
}

function meaningOf({ signal, terminalGone }: ReceivedSignal): SignalIntent {
  return terminalGone === true ? 'stop' : (meanings[signal] ?? 'stop')
}
