import type { Readable } from 'node:stream'
import type { ResponseHead } from '../parser/response-head.ts'
import type { FaultKind } from '../upstream/upstream-fault.ts'

/** A client that has asked for another protocol, over either version of HTTP. */
export interface UpgradeClient {
  /** What it sends, after the head of its request. */
  readonly readable: Readable
  readonly isHead: boolean
  /** The head of the request for the upstream. */
  readonly head: string
  /** Why the upstream may not switch in this way; `null`: it may. */
  judge(head: ResponseHead): string | null
  /** The upstream has switched. */
  accept(head: ResponseHead): void
  /** The upstream has answered, and does not switch. */
  answer(head: ResponseHead): void
  answerFault(kind: FaultKind): void
  /** Returns whether more may be written at once; else `onDrain` is called. */
  write(bytes: string | Buffer): boolean
  onDrain(listener: () => void): void
  end(): void
  destroy(): void
  onClose(listener: () => void): void
}
