/**
 * Node opens its inspector on 127.0.0.1:9229 when it gets SIGUSR1, and every user of the machine can run code in the process
 * then. A listener of our own takes the place of Node's, and a later one of the app is called beside it. `--disable-sigusr1` would leave no
 * gap before, but blocks the signal for good: no listener would ever be called (Node's src/inspector_agent.cc).
 */
export function holdLogSignals(): void {
  // Windows has no such signals.
  if (process.platform === 'win32' || isHeld) return
  isHeld = true
  for (const signal of ['SIGUSR1', 'SIGUSR2'] as const) process.on(signal, () => undefined)
}

let isHeld = false

/** Where the inspector listens when a signal has opened it. */
const defaultPort = '9229'
const asked = /(^|\s)--inspect(-brk|-wait)?([=\s]|$)/

/**
 * Closes the inspector if a signal has opened it before this process could hold the signal. One that was asked for by a flag, or that a
 * preloaded debugger has opened on a port of its own, stays.
 */
export function closeInspector(): void {
  const flags = [...process.execArgv, process.env['NODE_OPTIONS'] ?? ''].join(' ')
  if (process.platform === 'win32' || asked.test(flags)) return
  closeIfOpen()
  // Node asks for it twice, by an interrupt and by its event loop, and the second time may still come.
  setImmediate(closeIfOpen)
}

function closeIfOpen(): void {
  const inspector = process.getBuiltinModule('node:inspector')
  const url = inspector.url()
  if (url !== undefined && new URL(url).port === defaultPort) inspector.close()
}
