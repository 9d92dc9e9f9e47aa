/** Where a launch is. */
export type LifecycleState = 'starting' | 'verifying' | 'ready' | 'reloading' | 'stopping' | 'stopped'

/** What happens to it. `reload`, `stop` and `force` are intents of a user, a signal or a verb; the others are reports. */
export type LifecycleInput = 'bound' | 'verified' | 'reload' | 'reloaded' | 'stop' | 'force' | 'ended'

const transitions: Readonly<
  Record<LifecycleState, Readonly<Partial<Record<LifecycleInput, LifecycleState>>>>
> = {
  starting: { bound: 'verifying', stop: 'stopping', force: 'stopping', ended: 'stopped' },
  verifying: { verified: 'ready', stop: 'stopping', force: 'stopping', ended: 'stopped' },
  ready: { reload: 'reloading', stop: 'stopping', force: 'stopping', ended: 'stopped' },
  // Whether it went well or not: after a reload that failed, what was served before is served on.
  reloading: { reloaded: 'ready', stop: 'stopping', force: 'stopping', ended: 'stopped' },
  stopping: { force: 'stopping', ended: 'stopped' },
  stopped: {},
}

/** The state that follows, or `null` when the input has no effect in this state (a second `stop`, a late report). */
export function nextState(state: LifecycleState, input: LifecycleInput): LifecycleState | null {
  return transitions[state][input] ?? null
}
