import type { SecureContext } from 'node:tls'
import { nodeTls } from '../../platform/node/node-tls.ts'
import type { PlannedChain, PlannedTls } from '../planned-tls.ts'
import { secureContextOptions } from './secure-context-options.ts'

/** Not kept by this: a process that only plans, as the primary of a cluster does, has no use for them afterwards. */
const built = new WeakMap<PlannedTls, Map<PlannedChain, WeakRef<SecureContext>>>()

/**
 * The context of one chain of a host. Building it takes a fifth of a millisecond, so the code that has checked the settings passes it to the server by
 * them, when both are in one process. Throws what OpenSSL says against it.
 */
export function hostContext(tls: PlannedTls, chain: PlannedChain): SecureContext {
  const contexts = built.get(tls) ?? new Map<PlannedChain, WeakRef<SecureContext>>()
  built.set(tls, contexts)
  const before = contexts.get(chain)?.deref()
  if (before) return before
  const context = nodeTls().createSecureContext(secureContextOptions({ ...tls, chains: [chain] }))
  contexts.set(chain, new WeakRef(context))
  return context
}
