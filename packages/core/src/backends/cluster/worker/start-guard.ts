import { startThread } from '../../../platform/node/start-thread.ts'

/**
 * Starts the thread that watches over this process where its event loop can't: it ends a process that has lost its parent, and says
 * what a process executes that blocks. Without it the process serves on; then only its event loop notices the loss of the parent. Resolves when
 * it runs or has failed: until then it needs the folder of the process.
 */
export function startGuard(onFailure: (error: unknown) => void): Promise<void> {
  const running = Promise.withResolvers<void>()
  const thread = startThread(new URL('./guard-thread.js', import.meta.url), {
    data: { parent: process.ppid },
    heapMb: 16,
    onFailure(error) {
      onFailure(error)
      running.resolve()
    },
  })
  thread?.once('message', () => running.resolve())
  return running.promise
}
