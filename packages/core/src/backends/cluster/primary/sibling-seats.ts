import { LaunchError } from '../../../errors/launch-error.ts'
import { messageOf } from '../../../errors/thrown.ts'
import type { Logger } from '../../../log/logger.ts'
import type { LaunchPlan } from '../../../plan/launch-plan.ts'
import { nodeCrypto } from '../../../platform/node/node-crypto.ts'
import { makeSocketFolder, type SocketFolder } from '../../../platform/program/private-place.ts'
import type { Sibling, SiblingSeat } from '../siblings/sibling.ts'
import type { WorkerHandle } from './worker-handle.ts'

const keyBytes = 8

/** The private sockets of the workers, by which they pass requests on to each other. The primary names them: it believes no worker where another one is. */
export class SiblingSeats {
  readonly #folder: SocketFolder
  readonly #secret = nodeCrypto().randomBytes(32).toString('hex')
  readonly #seats = new WeakMap<WorkerHandle, SiblingSeat>()
  #published = ''

  constructor({ plan, log }: { plan: Pick<LaunchPlan, 'runAs'>; log: Logger }) {
    this.#folder = folderFor(plan.runAs, log)
  }

  next(worker: number): SiblingSeat {
    const key = nodeCrypto().randomBytes(keyBytes).toString('hex')
    return { key, worker, path: this.#folder.pathOf(key), secret: this.#secret }
  }

  assign(worker: WorkerHandle, seat: SiblingSeat): void {
    this.#seats.set(worker, seat)
  }

  /** A worker has ended. */
  free(worker: WorkerHandle): void {
    const seat = this.#seats.get(worker)
    if (seat) this.#folder.remove(seat.key)
  }

  /** Sends the list of those that take requests to all workers, if it has changed. Resolves when each knows those that are new, or is busy with something else. */
  async publish(workers: readonly WorkerHandle[]): Promise<void> {
    const siblings = workers
      .filter(({ state }) => state === 'ready')
      .flatMap((worker) => this.#siblingOf(worker))
    const before = this.#published
    this.#published = siblings.map(({ key }) => key).join()
    if (this.#published === before) return
    const isNew = siblings.some(({ key }) => !before.includes(key))
    const known = workers
      .filter(({ state }) => state !== 'booting')
      .map((worker) => worker.exchanges.siblings.publish(siblings))
    if (isNew) await Promise.all(known)
  }

  release(): void {
    this.#folder.release()
  }

  #siblingOf(worker: WorkerHandle): Sibling[] {
    const seat = this.#seats.get(worker)
    return seat ? [{ key: seat.key, worker: seat.worker, path: seat.path }] : []
  }
}

/** Throws a `LaunchError`. */
function folderFor(owner: LaunchPlan['runAs'], log: Logger): SocketFolder {
  try {
    return makeSocketFolder({
      owner,
      longestName: 2 * keyBytes,
      onLeft: (left) => log.warn("can't remove a private socket of a worker, or the folder of them", left),
    })
  } catch (cause) {
    throw new LaunchError({
      code: 'LOCKSTEP_ERR_SOCKET_PATH',
      message: `Can't make a folder for the private sockets of the workers, which sticky needs: ${messageOf(cause)}.`,
      hint: owner
        ? 'Make /tmp writable, or leave --sticky out.'
        : 'Name a folder with TMPDIR in which this user may create files, or leave --sticky out.',
      source: 'sticky',
      cause,
    })
  }
}
