/** What `gc()` of V8 takes; an option that a version does not know is passed over. */
type CollectGarbage = (options: { type: 'major'; execution: 'sync'; flavor: 'last-resort' }) => void

/** Until the start is over, and the processor is needed less. */
const settledMs = 3_000

/**
 * Returns memory to the system, a few seconds later, that only the start needed: 6 MB of a primary, which would keep it forever, because it then
 * has so little to do that V8 sees no occasion. It takes 20 to 60 ms, so it is for a process, or a thread, that serves no requests itself.
 */
export function releaseStartMemory(): void {
  setTimeout(collectAll, settledMs).unref()
}

/** By a function of V8's own, since the inspector, which can be asked too, takes 2 MB. */
function collectAll(): void {
  const v8 = process.getBuiltinModule('node:v8')
  // The flag puts it into contexts that are made from now on; that of the process stays as it is.
  v8.setFlagsFromString('--expose-gc')
  const collectGarbage = process.getBuiltinModule('node:vm').runInNewContext('gc') as CollectGarbage
  v8.setFlagsFromString('--no-expose-gc')
  collectGarbage({ type: 'major', execution: 'sync', flavor: 'last-resort' })
}
