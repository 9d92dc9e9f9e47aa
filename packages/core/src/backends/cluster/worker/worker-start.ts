import { closeInspector, holdLogSignals } from '../../../platform/node/closed-inspector.ts'

// What a worker runs first, before the rest of it is read: until then, SIGUSR1 opens the inspector.
holdLogSignals()
closeInspector()
await import('./worker-entry.ts')
