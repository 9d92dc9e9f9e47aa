/** Two interrupts within this time are one: npm forwards a Ctrl-C that the terminal has sent to its child already. */
const sameKeyPressMs = 500

export type SignalIntent = 'reload' | 'stop' | 'force'

export interface ReceivedSignal {
  readonly signal: NodeJS.Signals
  /** Milliseconds of any steady clock. */
  readonly atMs: number
  /** The terminal on which this process was started is gone. */
  readonly terminalGone?: boolean
}

/**
 * What a signal means after those that came before it: reload, stop gracefully, stop at once, or nothing new. SIGHUP reloads, as
 * in nginx and Gunicorn, unless it comes because the terminal has closed.
 */
export function signalIntent(
  received: ReceivedSignal,
  earlier: readonly ReceivedSignal[],
): SignalIntent | null {
  const first = earlier.find((one) => !asksForReload(one))
  if (asksForReload(received)) return first ? null : 'reload'
  if (!first) return 'stop'
  return received.signal === 'SIGINT' && received.atMs - first.atMs >= sameKeyPressMs ? 'force' : null
}

function asksForReload({ signal, terminalGone }: ReceivedSignal): boolean {
  return signal === 'SIGHUP' && terminalGone !== true
}
