import type { ServerBackend } from '@lockstep/core'
import type { SubjectProgram, SubjectProgramName } from '../programs/subject-program.ts'
import type { DoorWays } from '../subject/open-doors.ts'
import type { SubjectRuntime } from '../subject/subject-runtime.ts'

/** What is under test, and how it is reached. */
export interface SuiteSubject extends DoorWays {
  readonly backend: ServerBackend
  /** What `launch()` is given as `backend` in the subject's process: a built-in name or the path of a module. */
  readonly backendName: string
  /**
   * Plays the apps of the suite where the backend runs programs: one that the suite brings, or yours. Unset, `node` for a backend that runs
   * programs alone.
   */
  readonly program?: SubjectProgram | SubjectProgramName | undefined
  /** Where it runs; unset, in the Node that runs the suite. */
  readonly runtime?: SubjectRuntime | undefined
}
