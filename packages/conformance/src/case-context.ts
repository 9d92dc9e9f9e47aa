import type { RawOptions, ServerBackend } from '@lockstep/core'
import type { Certificates } from './certificates.ts'
import type { Failure, Subject } from './subject/subject.ts'

/** What a case works with. */
export interface CaseContext {
  /** What is under test. */
  readonly backend: ServerBackend
  /** Starts the subject with these options, on a free port of 127.0.0.1 unless they say otherwise, and with the suite's app. */
  start(options?: RawOptions): Promise<Subject>
  /** Expects the start to be refused, and gives the reason. */
  startRefused(options: RawOptions): Promise<Failure>
  /** Made once for a run. */
  readonly certificates: Certificates
  /** A folder for files of this case alone; removed afterwards. */
  readonly folder: string
  /** Paths of the apps that the suite brings. */
  readonly apps: SuiteApps
}

export interface SuiteApps {
  /** The default one; see `apps/observable-app.ts`. */
  readonly observable: string
  readonly fetchFunction: string
  readonly neverReady: string
}
