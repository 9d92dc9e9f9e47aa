import type { LockstepConfig, ServerBackend } from '@lockstep/core'
import type { Certificates } from './certificates.ts'
import type { DoorName } from './subject/door.ts'
import type { Failure, Subject } from './subject/subject.ts'
import type { SubjectRuntime } from './subject/subject-runtime.ts'

/** What a case works with. */
export interface CaseContext {
  /** The subject under test. */
  readonly backend: ServerBackend
  /** The app is a program of its own, and what serves is a proxy in front of it. */
  readonly isFront: boolean
  readonly door: DoorName
  /** Where the subject runs. */
  readonly runtime: SubjectRuntime
  /**
   * Starts the subject with these options, on a free port of 127.0.0.1 unless they say otherwise, and with the suite's app.
   * `variables` are added to its environment.
   */
  start(
    options?: LockstepConfig,
    more?: {
      readonly variables?: Readonly<Record<string, string>>
      /** Through the door `backend`: `announced()` is not called. */
      readonly isUnannounced?: boolean
      /** The path of a module whose default export is the app in memory. */
      readonly appInMemory?: string
    },
  ): Promise<Subject>
  /** Starts the subject, abandons the start when `when` resolves, and returns why it failed. */
  startGivenUp(options: LockstepConfig, when: () => Promise<unknown>): Promise<Failure>
  /** Ends the case: the backend has left out a member that it may leave out. */
  declines(member: string): never
  /** Fails unless a port of 127.0.0.1 can be bound. */
  mustBeFree(port: number): Promise<void>
  /** Expects the start to be refused, and returns the reason. Checks that nothing was announced. */
  startRefused(
    options: LockstepConfig,
    more?: { readonly variables?: Readonly<Record<string, string>> },
  ): Promise<Failure>
  /** Expects the start to be refused with that fault alone, on a port that is free before and after. */
  mustRefuse(options: LockstepConfig, code: string): Promise<void>
  /** Made once for a run. */
  readonly certificates: Certificates
  /** A folder for files of this case alone, the current one of the subject; removed afterwards. */
  readonly folder: string
  /** Paths of the apps that the suite brings. */
  readonly apps: SuiteApps
}

export interface SuiteApps {
  /** The default one; see `apps/observable-app.ts`. */
  readonly observable: string
  readonly fetchFunction: string
  readonly neverReady: string
  readonly throwsOnLoad: string
  /** Its boot waits for files of the current folder; see `apps/gated-app.ts`. */
  readonly gated: string
  /** Writes what it sees to a file of the current folder; see `apps/recording-app.ts`. */
  readonly recording: string
}
