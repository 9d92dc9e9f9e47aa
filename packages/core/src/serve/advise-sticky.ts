import type { Logger } from '../log/logger.ts'
import type { LaunchPlan } from '../plan/launch-plan.ts'

/** Servers whose clients poll before they have a WebSocket. All of them are CommonJS, also where an ES module imports them. */
const polling = /[\\/]node_modules[\\/](socket\.io|engine\.io|sockjs)[\\/]/

/** Socket.IO loads Engine.IO, and is found first. */
const titles: Readonly<Record<string, string>> = {
  'socket.io': 'Socket.IO',
  'engine.io': 'Engine.IO',
  sockjs: 'SockJS',
}

/**
 * Warns once the app is loaded, when its clients poll and the requests of a client may reach different workers. A bundled app is not recognised.
 * Only the first worker warns: all workers load the same app.
 */
export function adviseSticky(
  { workers, sticky }: Pick<LaunchPlan, 'workers' | 'sticky'>,
  { log, worker }: { log: Logger; worker: number | null },
): void {
  if (worker !== 1 || workers < 2 || sticky !== 'none') return
  const { cache } = process.getBuiltinModule('node:module').createRequire(import.meta.url)
  const name = Object.keys(cache).flatMap((file) => polling.exec(file)?.[1] ?? [])[0]
  if (name === undefined) return
  log.warn(
    `the app uses ${titles[name]}: its clients poll before they have a WebSocket, and with several workers that needs --sticky cookie or --sticky address`,
    { workers },
  )
}
