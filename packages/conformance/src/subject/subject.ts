import type { BoundAddress } from '@lockstep/core'
import type { AnswersOf, ArgumentOf, QuestionName } from './inside/questions.ts'

/** A server that runs in a process of its own, and what was announced of it. */
export interface Subject {
  /** Of its first TCP address. */
  readonly host: string
  readonly port: number
  readonly addresses: readonly BoundAddress[]
  /** What the launcher says that it measured; `null` when it says that nothing was. */
  readonly verified: readonly VerifiedAddress[] | null
  /** The backend that the launcher says it runs. */
  readonly backend: string
  /** Process id of the launcher, on the subject's platform. */
  readonly pid: number
  /** What the launcher and its workers wrote so far. */
  stdout(): string
  stderr(): string
  /** Asks for a reload of TLS alone, from what it was started with, and waits for the outcome. */
  applyTls(): Promise<TlsOutcome>
  /** Asks for a reload that also replaces the workers, so that the app is loaded again, and waits for the outcome. */
  replaceWorkers(): Promise<ReplacementOutcome>
  /** Asks for another number of workers, such as `3` or `+1`, and waits for what comes of it. */
  scale(workers: string): Promise<ScaleOutcome>
  /** Asks the backend itself, through the door `backend` alone. An answer that does not come, or is an error, fails the case. */
  ask<Name extends QuestionName>(question: Name, argument?: ArgumentOf<Name>): Promise<AnswersOf<Name>>
  /** Stops gracefully and returns how long it took, in milliseconds. */
  stop(): Promise<number>
  /** Ends all at once, whatever state it is in. */
  kill(): Promise<void>
}

export interface VerifiedAddress {
  /** For example `127.0.0.1:3000`. */
  readonly connectedTo: string
  /** SHA-256 of the leaf that was seen there; `null` for plain HTTP. */
  readonly fingerprint256: string | null
}

/** The outcome of a reload of TLS. */
export interface TlsOutcome {
  /** Something new was put to use. */
  readonly changed: boolean
  /** Why it failed: the code of its first fault; `null` when it did not. */
  readonly code: string | null
}

/** The outcome of a reload that replaces the workers. */
export interface ReplacementOutcome {
  /** How many workers were replaced. */
  readonly replaced: number
  /** Why it failed: the code of its first fault; `null` when it did not. */
  readonly code: string | null
}

/** What came of a change of the number of workers. */
export interface ScaleOutcome {
  /** How many there should be now; 0 when it failed. */
  readonly workers: number
  /** Why it failed: the code of its first fault; `null` when it did not. */
  readonly code: string | null
}

/** A start that was refused. */
export interface Failure {
  /** Of the only fault, or `LOCKSTEP_ERR_LAUNCH_FAULTS` when there are several. */
  readonly code: string
  readonly message: string
  readonly faults: readonly ToldFault[]
  /** Of the process; `null` where a program and not a command was asked. */
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
  /** Of the process that was to start the server and lives on; `null`: it has ended. */
  readonly pid: number | null
  /** Ends that process. */
  kill(): Promise<void>
}

export interface ToldFault {
  readonly code: string
  /** What was found, where it was set, and the cure. */
  readonly message: string
}

export function isFailure(result: Subject | Failure): result is Failure {
  return 'faults' in result
}
