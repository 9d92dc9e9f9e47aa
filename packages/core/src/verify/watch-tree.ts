import type { Logger } from '../log/logger.ts'
import { namesOfListeners } from '../platform/program/listening-sockets.ts'
import {
  type AboutTree,
  type ListeningTcpSocket,
  placeOf,
  type ServingTree,
  strangeSockets,
} from './verify-tree.ts'

/** The first look. What an app opens late, it mostly opens soon. */
const firstMs = 1_000
/** From one look to the next the time doubles, up to this. A look costs Linux 2 ms, and other systems a process. */
const longestMs = process.platform === 'linux' ? 30_000 : 120_000
/** A port that is closed again by then was only tried. */
const confirmMs = 2_000

/**
 * Warns of what a child process or a thread of an app lets listen after the launch was verified, and of what new workers open. It looks now and then, as no system
 * reports it. Each place is in the log once.
 */
export function watchTree(server: ServingTree, about: AboutTree & { readonly log: Logger }): Disposable {
  const told = new Set<string>()
  let suspected: ReadonlySet<string> = new Set()
  let known: ReadonlySet<string> = new Set()
  let waitMs = firstMs
  let timer: NodeJS.Timeout | undefined
  let isOver = false

  const look = async (): Promise<void> => {
    const names = namesOfListeners()
    const isNew = names === null || [...names].some((name) => !known.has(name))
    if (!isNew && suspected.size === 0) return
    const found = (await strangeSockets(server, about)).filter((socket) => !told.has(placeOf(socket)))
    known = names ?? known
    if (isOver) return
    for (const socket of found) {
      if (!suspected.has(placeOf(socket))) continue
      told.add(placeOf(socket))
      warn(socket)
    }
    suspected = new Set(found.map(placeOf).filter((place) => !told.has(place)))
  }
  const warn = (socket: ListeningTcpSocket): void => {
    const isSingle = server.workers().some(({ pid }) => pid === process.pid)
    about.log.warn(
      `process ${socket.pids.join(', ')} of the app listens at ${placeOf(socket)}, which the plan does not name: Lockstep neither secures nor drains it`,
      {
        cure: `leave it out, or allow it with --app-port ${socket.port}${isSingle ? '' : ' and --backend single'}`,
      },
    )
  }
  const lookLater = (): void => {
    timer = setTimeout(
      () => {
        waitMs = Math.min(waitMs * 2, longestMs)
        // A look that fails, as when the descriptors have run out, is not worth a word.
        look()
          .catch(() => undefined)
          .finally(() => isOver || lookLater())
      },
      suspected.size > 0 ? confirmMs : waitMs,
    ).unref()
  }
  lookLater()
  return {
    [Symbol.dispose]() {
      isOver = true
      clearTimeout(timer)
    },
  }
}
