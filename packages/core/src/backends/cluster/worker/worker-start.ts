import { closeInspector, holdLogSignals } from '../../../platform/node/closed-inspector.ts'
import { useLaunchersCache } from '../../../platform/node/compile-cache.ts'

// What a worker runs first, before the rest of it is read: until then, SIGUSR1 opens the inspector.
holdLogSignals()
closeInspector()
useLaunchersCache()
await import('./worker-entry.ts')
