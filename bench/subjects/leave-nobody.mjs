import { childrenOf, killTree } from './process-tree.mjs'

/** Has every process that was started end with this one, also when somebody interrupts it. */
export function leaveNobody() {
  process.once('exit', () => childrenOf(process.pid).forEach(killTree))
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(130))
}
