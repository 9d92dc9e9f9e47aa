import { LaunchError } from '../../errors/launch-error.ts'
import type { AppPort } from '../../plan/launch-plan.ts'
import { startedBy } from '../../platform/process/descendants.ts'
import { killTree } from '../../platform/process/kill-tree.ts'
import type { ListeningSocket } from '../../platform/program/listening-sockets.ts'
import type { AskedAddress } from './asked-listen.ts'

const lookEveryMs = 1_000

/**
 * Looks now and then, while an app is waited for, whether a process that it has started listens instead of it, as the one of `nest start` does.
 * Calls back once with the error, when that process has been ended: it would outlive the launch that fails. Ports that the app may open count for
 * nothing. Where the system shows no descendants, nothing is found.
 */
export function findListeningChild({
  where,
  does,
  ports,
  placeOf,
  onFound,
}: {
  where: string
  /** What the app does instead of listening. */
  does: string
  ports: readonly AppPort[]
  /** For messages. Handed in, since each worker has that code already. */
  placeOf: (address: AskedAddress) => string
  onFound: (error: LaunchError) => void
}): Disposable {
  let seen: string | null = null
  let isLooking = false
  const look = async (): Promise<void> => {
    const children = process.getActiveResourcesInfo().includes('ProcessWrap') ? startedBy([process.pid]) : []
    const sockets = children.length === 0 ? [] : await listenersOf(children)
    const found = sockets.flatMap((socket) => {
      if (socket.kind !== 'tcp' || ports.some(({ port }) => port === socket.port)) return []
      const pid = socket.pids.find((one) => children.includes(one))
      return pid === undefined
        ? []
        : [{ pid, place: placeOf({ kind: 'tcp', host: socket.host, port: socket.port }) }]
    })[0]
    // A server of a moment, as one that looks for a free port, is gone the next time.
    if (found?.place !== seen) {
      seen = found?.place ?? null
      return
    }
    if (!found) return
    clearInterval(timer)
    await killTree(found.pid)
    onFound(childListens(where, { does, ...found }))
  }
  const timer = setInterval(() => {
    if (isLooking) return
    isLooking = true
    void look().finally(() => {
      isLooking = false
    })
  }, lookEveryMs).unref()
  return { [Symbol.dispose]: () => clearInterval(timer) }
}

/** Most apps listen themselves, and need none of that code. */
async function listenersOf(pids: readonly number[]): Promise<readonly ListeningSocket[]> {
  const { listeningSockets } = await import('../../platform/program/listening-sockets.ts')
  return (await listeningSockets({ of: pids })) ?? []
}

function childListens(
  where: string,
  { does, pid, place }: { does: string; pid: number; place: string },
): LaunchError {
  return new LaunchError({
    code: 'LOCKSTEP_ERR_VERIFY_FAILED',
    message: `${where} ${does}. Process ${pid}, which it has started, listens at ${place} instead. That process was ended, and nothing is served.`,
    hint: 'Lockstep serves what listens in the process of the app: name the file that the other process runs. To serve a program in its own process, use `lockstep exec`.',
  })
}
