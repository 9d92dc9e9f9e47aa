/** Whether this code runs in a worker thread. Asked for when it matters: `node:worker_threads` takes 3 MB. */
export function isWorkerThread(): boolean {
  return !process.getBuiltinModule('node:worker_threads').isMainThread
}
