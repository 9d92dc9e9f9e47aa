import type { CapturedServer } from './captured-server.ts'
import type { ListenWatch } from './intercept-listen.ts'

/** How long a process that others share must have nothing more to do than before, until that counts. */
const quietMs = 1_000
const lookEveryMs = 100

/** What keeps the event loop alive, for people: `TCPSocketWrap, Timeout`. */
export type BusyWith = () => readonly string[]

/** To be called before the app is loaded: what keeps the process alive by then is not the app's. */
export function watchBusy(): BusyWith {
  const before = process.getActiveResourcesInfo()
  return () => {
    const left = [...before]
    return process.getActiveResourcesInfo().filter((resource) => {
      const index = left.indexOf(resource)
      if (index >= 0) left.splice(index, 1)
      return index < 0
    })
  }
}

/**
 * Waits for a program that exports nothing to listen, as after a connection to its database. Resolves with `null` when it never will, because
 * nothing is left that it waits for.
 */
export async function awaitListen(
  watch: Pick<ListenWatch, 'captured' | 'refused'>,
  { busyWith, letIdle }: { busyWith: BusyWith; letIdle: (() => Disposable) | null },
): Promise<CapturedServer | null> {
  const idle = letIdle ? untilIdle(letIdle) : untilQuiet(busyWith)
  try {
    return await Promise.race([watch.captured, watch.refused, idle.promise])
  } finally {
    idle.stop()
  }
}

/** In a process of the launcher: when its event loop is empty without what the launcher keeps open. */
function untilIdle(letIdle: () => Disposable): { promise: Promise<null>; stop(): void } {
  const { promise, resolve } = Promise.withResolvers<null>()
  const held = letIdle()
  const onIdle = (): void => resolve(null)
  process.once('beforeExit', onIdle)
  return {
    promise,
    stop() {
      process.off('beforeExit', onIdle)
      held[Symbol.dispose]()
    },
  }
}

/** In a process that others share: when nothing keeps it alive that was not there before. */
function untilQuiet(busyWith: BusyWith): { promise: Promise<null>; stop(): void } {
  const { promise, resolve } = Promise.withResolvers<null>()
  let quietSince: number | null = null
  const timer = setInterval(() => {
    const now = performance.now()
    // This timer is one of them.
    quietSince = busyWith().length > 1 ? null : (quietSince ?? now)
    if (quietSince !== null && now - quietSince >= quietMs) resolve(null)
  }, lookEveryMs)
  return { promise, stop: () => clearInterval(timer) }
}
