import { LaunchError } from '../../../errors/launch-error.ts'
import type { PlannedAddress } from '../../../plan/launch-plan.ts'
import { bindFault } from '../../../platform/bind-fault.ts'
import { type HeldAddress, holdAddress } from '../../../platform/hold-address.ts'
import { redirectPort } from '../../../serve/redirect-port.ts'
import type { Redirection } from '../messages.ts'
import type { WorkerHandle } from '../worker-handle.ts'
import type { Intake, IntakeOptions } from './intake.ts'
import { type SharedSocket, shareOut } from './share-out.ts'

interface HeldSocket extends SharedSocket {
  readonly asked: PlannedAddress
  readonly held: HeldAddress
  readonly handle: object
  readonly redirection: Redirection | null
}

/**
 * `shared` and `reuse-port`: the primary binds and holds the sockets, and the workers accept from them. A socket outlives whoever
 * accepts from it, so that what waits in its queue is lost neither when a worker dies nor when one takes over from another.
 */
export function shareSockets(
  { plan, log, workers }: IntakeOptions,
  { socketsPerAddress }: { socketsPerAddress: number },
): Intake {
  const sockets: HeldSocket[] = []
  const given = new WeakMap<WorkerHandle, ReadonlySet<number>>()
  let accepting = false

  const hold = async (
    asked: PlannedAddress,
    { redirection }: { redirection: Redirection | null },
  ): Promise<HeldAddress> => {
    const held = await holdAddress(asked, { sockets: redirection ? 1 : socketsPerAddress })
    for (const [index, handle] of held.handles.entries())
      sockets.push({
        id: sockets.length,
        place: held.handles.length > 1 ? index + 1 : null,
        asked,
        held,
        handle,
        redirection,
      })
    return held
  }

  const give = async (worker: WorkerHandle, { id, handle, asked, held, redirection }: HeldSocket) => {
    const { address } = held
    const message = { socket: id, address, backlog: plan.backlog, redirection }
    const code = await worker.listening.listen(message, handle)
    if (code !== null) throw new LaunchError(bindFault(asked, Object.assign(new Error(code), { code })))
  }

  /** Has the workers accept from what is theirs now, and gives what there is to wait for, with whose it is. */
  const shareAnew = (): readonly { readonly worker: WorkerHandle; readonly given: Promise<void> }[] => {
    const ready = workers().filter(({ state }) => state === 'ready')
    return [...shareOut(sockets, { workers: ready, places: socketsPerAddress })].flatMap(
      ([worker, share]) => {
        const had = given.get(worker) ?? new Set()
        given.set(worker, share)
        for (const id of had) if (!share.has(id)) worker.listening.unlisten(id)
        return sockets
          .filter(({ id }) => share.has(id) && !had.has(id))
          .map((socket) => ({ worker, given: give(worker, socket) }))
      },
    )
  }

  const letGo = (): void => {
    accepting = false
    for (const held of new Set(sockets.map((socket) => socket.held))) held.close()
    sockets.length = 0
  }

  return {
    async open() {
      try {
        const own: HeldAddress[] = []
        for (const address of plan.addresses) own.push(await hold(address, { redirection: null }))
        const addresses = own.map(({ address }) => address)
        const httpsPort = redirectPort(plan.https, addresses)
        const redirects: HeldAddress[] = []
        if (httpsPort !== null)
          for (const address of plan.https.redirect)
            redirects.push(await hold(address, { redirection: { httpsPort } }))
        accepting = true
        await Promise.all(shareAnew().map((step) => step.given))
        return { addresses, redirects: redirects.map(({ address }) => address) }
      } catch (error) {
        letGo()
        throw error
      }
    },
    async update() {
      if (!accepting) return
      await Promise.all(
        shareAnew().map(async ({ worker, given: done }) => {
          try {
            await done
          } catch (error) {
            log.error(`worker ${worker.id} can not accept connections and is replaced`, {
              reason: error instanceof Error ? error.message : String(error),
            })
            worker.kill()
          }
        }),
      )
    },
    takeBack: () => undefined,
    redirectionOf: () => null,
    async stopAccepting() {
      if (!accepting) return
      for (const worker of workers()) worker.listening.unlistenAll()
      letGo()
    },
    close: letGo,
  }
}
