const watched = new Set<() => void>()

/**
 * Calls a function if the process exits suddenly, while it is watched. One listener is enough for all of them: a host may launch
 * many servers.
 */
export function beforeExit(task: () => void): { watch(): void; forget(): void } {
  return {
    watch() {
      if (watched.size === 0) process.on('exit', runAll)
      watched.add(task)
    },
    forget() {
      watched.delete(task)
      if (watched.size === 0) process.off('exit', runAll)
    },
  }
}

function runAll(): void {
  for (const task of watched)
    try {
      task()
    } catch {
      // Nothing can be done about it any more.
    }
}
