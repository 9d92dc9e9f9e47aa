import { asLaunchError } from '../../../errors/as-launch-error.ts'
import { serialiseFaults } from '../../../errors/serialise-error.ts'
import type { AppServer } from '../../../serve/app-server.ts'
import type { StagedTls } from '../../../serve/tls/tls-front.ts'
import type { PlannedTls } from '../../../tls/planned-tls.ts'
import type { FromWorker, ToWorker } from '../wire/messages.ts'

type TlsMessage = Extract<ToWorker, { type: 'prepare-tls' | 'commit-tls' }>

/**
 * A worker's side of a reload. While the app still loads there is no server yet: the last snapshot is kept, and used before
 * the first connection can come, since messages keep their order.
 */
export class WorkerTls {
  readonly #tell: (message: FromWorker) => void
  #server: AppServer | undefined
  #offered: { readonly snapshot: number; readonly tls: PlannedTls } | undefined
  #staged: StagedTls | undefined
  /** Committed before there was a server. */
  #early: PlannedTls | undefined

  constructor(tell: (message: FromWorker) => void) {
    this.#tell = tell
  }

  /** Passes a snapshot that came before the server to the server, once there is one. */
  serve(server: AppServer): void {
    this.#server = server
    if (this.#early) server.prepareTls(this.#early).commit()
    if (this.#offered) this.#staged = server.prepareTls(this.#offered.tls)
  }

  receive(message: TlsMessage): void {
    try {
      if (message.type === 'prepare-tls') this.#prepare(message)
      else this.#commit(message.snapshot)
      this.#tell({ type: message.type === 'prepare-tls' ? 'tls-prepared' : 'tls-committed' })
    } catch (error) {
      this.#tell({ type: 'tls-failed', faults: serialiseFaults(asLaunchError(error)) })
    }
  }

  #prepare({ snapshot, tls }: { snapshot: number; tls: PlannedTls }): void {
    this.#offered = undefined
    this.#staged = this.#server?.prepareTls(tls)
    this.#offered = { snapshot, tls }
  }

  #commit(snapshot: number): void {
    if (this.#offered?.snapshot !== snapshot)
      throw new RangeError(`snapshot ${snapshot} was never prepared here`)
    if (this.#server) this.#staged?.commit()
    else this.#early = this.#offered.tls
    this.#staged = undefined
    this.#offered = undefined
  }
}
