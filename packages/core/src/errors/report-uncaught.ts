/** Raises an error of the host's own code as an uncaught exception of the process, after the current code has finished. */
export function reportUncaught(error: unknown): void {
  queueMicrotask(() => {
    throw error
  })
}
