/** Two interrupts within this time are one: npm forwards a Ctrl-C that the terminal has sent to its child already. */
const sameKeyPressMs = 500

export interface ReceivedSignal {
  readonly signal: NodeJS.Signals
  /** Milliseconds of any steady clock. */
  readonly atMs: number
}

/** What a signal means after those that came before it: stop gracefully, stop at once, or nothing new. */
export function signalIntent(
  { signal, atMs }: ReceivedSignal,
  earlier: readonly ReceivedSignal[],
): 'stop' | 'force' | null {
  const [first] = earlier
  if (!first) return 'stop'
  return signal === 'SIGINT' && atMs - first.atMs >= sameKeyPressMs ? 'force' : null
}
