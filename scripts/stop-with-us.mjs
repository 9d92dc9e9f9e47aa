// Makes the launcher stop, gracefully and only once, when `npm start` is stopped.

const parentAtStart = process.ppid
const checkEvery = 250

/** To the launcher a second signal means "now", but npm repeats to this process the signal that the terminal has already sent. */
export function stopWithUs(child) {
  let stopping = false
  const stopOnce = (signal) => {
    if (!stopping && signal !== undefined) child.kill(signal)
    stopping = true
  }
  process.on('SIGTERM', () => stopOnce('SIGTERM'))
  // Ctrl-C in a terminal reaches the launcher by itself, since it belongs to the same process group.
  process.on('SIGINT', () => stopOnce(process.stdin.isTTY ? undefined : 'SIGINT'))
  whenNpmHasGone(() => stopOnce('SIGTERM'))
}

/**
 * A signal to npm ends npm and the shell that it has put in between, but does not get through to us;
 * all that can be noticed is that the parent is another one. (On Windows it stays the same forever.)
 */
function whenNpmHasGone(action) {
  const startedByNpm = process.env.npm_lifecycle_event !== undefined
  if (!startedByNpm) return
  const timer = setInterval(() => {
    if (process.ppid === parentAtStart) return
    clearInterval(timer)
    action()
  }, checkEvery)
  timer.unref()
}
