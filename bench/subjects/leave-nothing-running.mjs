import { childrenOf, killTree } from './process-tree.mjs'

/** Ends every process that was started when this one ends, also when it is interrupted. */
export function leaveNothingRunning() {
  process.once('exit', () => childrenOf(process.pid).forEach(killTree))
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(130))
}
