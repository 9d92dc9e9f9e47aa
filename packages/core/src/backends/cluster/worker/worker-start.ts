import { closeInspector, holdLogSignals } from '../../../platform/node/closed-inspector.ts'
import { useLaunchersCache } from '../../../platform/node/start/compile-cache.ts'
import { keepTicksQuick } from '../../../platform/node/start/keep-ticks-quick.ts'

// What a worker runs first, before the rest of it is read: until then, SIGUSR1 opens the inspector.
holdLogSignals()
closeInspector()
useLaunchersCache()
keepTicksQuick()
await import('./worker-entry.ts')
