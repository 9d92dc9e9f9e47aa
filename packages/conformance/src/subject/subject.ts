import type { BoundAddress, Verification } from '@lockstep/core'

/** A server that runs in a process of its own, and what its launcher said of it. */
export interface Subject {
  readonly host: string
  readonly port: number
  readonly url: string | null
  readonly addresses: readonly BoundAddress[]
  readonly verification: Verification | null
  readonly backend: string
  /** Process id of the launcher. */
  readonly pid: number
  /** What the launcher and its workers wrote so far. */
  stdout(): string
  stderr(): string
  /** Stops gracefully and gives how long it took, in milliseconds. */
  stop(): Promise<number>
  /** Ends all at once, whatever state it is in. */
  kill(): Promise<void>
}

/** A start that was refused. */
export interface Failure {
  readonly code: string
  readonly message: string
  readonly faults: readonly {
    readonly code: string
    readonly message: string
    readonly hint: string
    readonly source?: string | undefined
  }[]
  readonly stderr: string
}
