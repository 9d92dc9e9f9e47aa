import { Worker } from 'node:worker_threads'

/**
 * Starts the thread that watches over this process where its event loop can't: it ends a process that has lost its parent, and
 * says what a process executes that blocks.
 */
export function startGuard(): void {
  const guard = new Worker(new URL('./guard-thread.js', import.meta.url), {
    workerData: { parent: process.ppid },
    stdin: false,
    resourceLimits: { maxOldGenerationSizeMb: 16 },
  })
  guard.unref()
}
