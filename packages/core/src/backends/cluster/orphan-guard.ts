import { Worker } from 'node:worker_threads'

/**
 * Ends this process when its parent is gone. The channel's 'disconnect' does that too, but only while the event loop turns; a
 * thread of its own also ends a process that is blocked. When a parent dies, the system gives its children another one
 * (POSIX), or its id stops answering (Windows).
 */
export function guardAgainstOrphanhood(): void {
  const guard = new Worker(watchParent, {
    eval: true,
    workerData: { parent: process.ppid },
    stdin: false,
    resourceLimits: { maxOldGenerationSizeMb: 8 },
  })
  guard.unref()
}

const watchParent = `
  const { workerData } = require('node:worker_threads')
  const answers = (pid) => {
    try {
      return process.kill(pid, 0)
    } catch (error) {
      return error.code === 'EPERM'
    }
  }
  setInterval(() => {
    if (process.ppid !== workerData.parent || !answers(workerData.parent)) process.kill(process.pid, 'SIGKILL')
  }, 500)
`
