import { listenToSignal, stopListeningToSignal } from '../app/app-signals.ts'
import { holdLogSignals } from '../platform/node/closed-inspector.ts'
import { watchTerminal } from '../platform/system/terminal-hangup.ts'
import { logSignals, type ReceivedSignal, type SignalIntent, signalIntent } from './signal-intent.ts'

/** Windows knows no other, and ends a process by SIGTERM without asking it. */
const onWindows = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGBREAK'] as const
const elsewhere = ['SIGINT', 'SIGTERM', 'SIGQUIT', 'SIGHUP', 'SIGTTIN', 'SIGTTOU', ...logSignals] as const

/**
 * Turns signals to this process into intents, each with its signal. The handler does nothing else. SIGUSR1 and SIGUSR2 are ignored
 * from then on: without a listener, they would end the process, and Node's own listener for SIGUSR1, which opens the inspector, does
 * not come back. `docs/signals.md` lists the intent of each signal.
 *
 * @param onIntent - Called for each signal that means something. A repeated signal of one key press is left out.
 * @returns A function that removes the handlers.
 * @example
 * ```ts
 * import { launch, watchSignals } from 'lockstep'
 *
 * const server = await launch({ app: './app.js' })
 * const stopWatching = watchSignals((intent, signal) => {
 *   if (intent === 'stop') void server.escalateStop({ signal })
 *   if (intent === 'reload') server.reload().catch(({ message }) => console.error(message))
 * })
 * await server.stopped
 * stopWatching()
 * ```
 */
export function watchSignals(onIntent: (intent: SignalIntent, signal: NodeJS.Signals) => void): () => void {
  const earlier: ReceivedSignal[] = []
  const terminal = watchTerminal()
  const handle = (signal: NodeJS.Signals): void => {
    const received = {
      signal,
      atMs: performance.now(),
      terminalGone: signal === 'SIGHUP' && terminal.hasGone(),
    }
    const intent = signalIntent(received, earlier)
    // Only the stops matter later, and a server that reloads for years would keep every signal.
    if (intent === 'stop') earlier.push(received)
    if (intent) onIntent(intent, signal)
  }
  holdLogSignals()
  const signals = process.platform === 'win32' ? onWindows : elsewhere
  for (const signal of signals) listenToSignal(signal, handle)
  return () => {
    for (const signal of signals) stopListeningToSignal(signal, handle)
  }
}
