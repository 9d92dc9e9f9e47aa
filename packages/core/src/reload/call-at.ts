/**
 * Calls back once, when the wall clock has reached a date. Looks at the clock every `longestMs`, because a timer does not follow it: a machine
 * that was suspended has not counted meanwhile, clocks are put right, and Node takes no more than 2^31 milliseconds for a timer
 * (what is longer, it runs at once). Keeps no process alive.
 */
export function callAt(
  due: Date,
  { now, longestMs, onDue }: { now: () => Date; longestMs: number; onDue: () => void },
): Disposable {
  const leftMs = (): number => due.getTime() - now().getTime()
  const wait = (ms: number): NodeJS.Timeout => setTimeout(look, Math.max(0, Math.min(ms, longestMs))).unref()
  const look = (): void => {
    const ms = leftMs()
    if (ms > 0) timer = wait(ms)
    else onDue()
  }
  let timer = wait(leftMs())
  return { [Symbol.dispose]: () => clearTimeout(timer) }
}
