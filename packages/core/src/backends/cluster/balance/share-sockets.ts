import { LaunchError } from '../../../errors/launch-error.ts'
import { messageOf } from '../../../errors/thrown.ts'
import { bindFault } from '../../../platform/net/bind-fault.ts'
import { within } from '../../../platform/system/within.ts'
import type { WorkerHandle } from '../primary/worker-handle.ts'
import { beatIntervalMs } from '../wire/messages.ts'
import { acceptedByAny } from './accept-exchange.ts'
import { type HeldSocket, type HeldSockets, holdSockets } from './hold-sockets.ts'
import type { Intake, IntakeOptions } from './intake.ts'
import { shareOut } from './share-out.ts'

/** After this many missed beats another worker helps out. */
const missedBeats = 2.5

/** A worker that is about to accept from a socket. */
interface Step {
  readonly worker: WorkerHandle
  readonly accepts: Promise<void>
}

/**
 * `shared` and `reuse-port`: the primary binds and holds the sockets, and the workers accept from them. A socket outlives the worker that
 * accepts from it, so that what waits in its queue is lost neither when a worker dies nor when one takes over from another.
 */
export function shareSockets(
  { plan, log, workers }: IntakeOptions,
  { perAddress }: { perAddress: number },
): Intake {
  const given = new WeakMap<WorkerHandle, ReadonlySet<number>>()
  const beatMs = beatIntervalMs(plan.timeouts.hangMs)
  const isSilent = ({ silentMs }: WorkerHandle): boolean => silentMs > missedBeats * beatMs
  /** What an earlier update still waits for. */
  const underWay = new Set<Promise<void>>()
  let held: HeldSockets | undefined
  let { backlog } = plan
  let watch: NodeJS.Timeout | undefined
  /** Each worker empties the queues that it accepts from, and must not be asked to leave them. */
  let isStopping = false
  let isWatched = false

  const give = async (worker: WorkerHandle, { id, address, ...socket }: HeldSocket): Promise<void> => {
    const { asked, handle, redirection } = socket
    // It reads this before it gets the socket.
    if (isWatched) void worker.exchanges.accepts.watch()
    const isOurs = asked.kind === 'tcp'
    const message = { socket: id, address, backlog, redirection, isOurs }
    const code = await worker.exchanges.listening.listen(message, handle)
    if (code !== null) throw new LaunchError(bindFault(asked, Object.assign(new Error(code), { code })))
  }

  /** Makes the workers accept from their sockets of now. Returns the promises to wait for, each with its worker. */
  const shareAnew = (): Step[] => {
    const { sockets } = held ?? { sockets: [] }
    const takers = workers()
      .filter(({ state }) => state === 'ready')
      .map((worker) => ({ id: worker.id, isSilent: isSilent(worker), worker }))
    return [...shareOut(sockets, { workers: takers, places: perAddress })].flatMap(([{ worker }, share]) => {
      const had = given.get(worker) ?? new Set()
      given.set(worker, share)
      for (const id of had) if (!share.has(id)) worker.exchanges.listening.unlisten(id)
      return sockets
        .filter(({ id }) => share.has(id) && !had.has(id))
        .map((socket) => ({ worker, accepts: give(worker, socket) }))
    })
  }

  /** Never rejects: a worker that can't accept is of no use, and its successor may. */
  const replaceOnFailure = async ({ worker, accepts }: Step): Promise<void> => {
    try {
      await accepts
    } catch (error) {
      log.error(`worker ${worker.id} cannot accept connections and is replaced`, {
        reason: messageOf(error),
      })
      worker.kill()
    }
  }

  const update = async (): Promise<void> => {
    if (isStopping) return
    for (const step of shareAnew()) {
      const done = replaceOnFailure(step).finally(() => underWay.delete(done))
      underWay.add(done)
    }
    await Promise.all(underWay)
  }

  /**
   * Makes one worker accept from all sockets, and the others from none: only where one process has all sockets of a port can it close
   * them in a moment in which no connection is lost (see `plug-queues.ts`).
   */
  const leaveToOne = async (sockets: readonly HeldSocket[]): Promise<void> => {
    const ready = workers().filter(({ state }) => state === 'ready')
    const last = ready.find((worker) => !isSilent(worker)) ?? ready[0]
    if (!last || ready.length === 1) return
    const had = given.get(last) ?? new Set()
    await Promise.all(sockets.filter(({ id }) => !had.has(id)).map((socket) => give(last, socket)))
    await Promise.all(
      ready.filter((worker) => worker !== last).map(({ exchanges }) => exchanges.listening.leave()),
    )
  }

  const close = (): void => {
    clearInterval(watch)
    held?.close()
    held = undefined
  }

  return {
    async open(planned) {
      backlog = planned.backlog
      held = await holdSockets(planned, { perAddress })
      try {
        await Promise.all(shareAnew().map(({ accepts }) => accepts))
      } catch (error) {
        close()
        throw error
      }
      const { addresses, redirects } = held
      if (perAddress > 1) watch = setInterval(() => void update(), beatMs).unref()
      return { addresses, redirects }
    },
    update,
    takeBack: () => undefined,
    redirectionOf: () => null,
    async watchAccepts() {
      isWatched = true
      // One that boots has no socket yet.
      const accepting = workers().filter(({ state }) => state !== 'booting')
      await Promise.all(accepting.map(({ exchanges }) => exchanges.accepts.watch()))
      return {
        accepted: (connections) =>
          acceptedByAny(
            workers().map(({ exchanges }) => exchanges.accepts),
            connections,
          ),
        [Symbol.dispose]() {
          isWatched = false
          for (const { exchanges } of workers()) exchanges.accepts.forget()
        },
      }
    },
    async stopAccepting() {
      isStopping = true
      clearInterval(watch)
      if (!held) return
      await within(
        leaveToOne(held.sockets).catch(() => undefined),
        Math.min(takeOverMs, plan.timeouts.gracefulMs / 2),
      )
      for (const worker of workers()) worker.exchanges.listening.unlistenAll()
      close()
    },
    close,
  }
}

/** What one worker may take to take over from the others. One that is busy for longer is not waited for. */
const takeOverMs = 5_000
