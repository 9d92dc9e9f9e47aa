import { markedEnvironment, newMark, openProgramGuard, type ProgramGuard } from '@lockstep/core/internal'

/** Names the processes of a subject in their environment. */
export interface SubjectMark {
  readonly env: Readonly<Record<string, string>>
  /** Ends that subject with the suite, until it is forgotten. */
  watch(pid: number): void
  /** It has ended. */
  forget(): void
}

let guard: ProgramGuard | null = null
const watched = new Set<string>()

/**
 * A subject lives as long as the suite, also when a test runner is killed: SIGKILL calls no function of ours. Only a process beside the suite
 * can end subjects then. One is enough for all subjects, and it is there only while there is one.
 */
export function markSubject(): SubjectMark {
  const mark = newMark()
  return {
    env: markedEnvironment(mark),
    watch(pid) {
      watched.add(mark)
      // Where it can't be started, the suite still ends what it can.
      guard ??= openProgramGuard({ onFailure: () => undefined })
      guard.watch({ pid, mark })
    },
    forget() {
      guard?.forget({ pid: 0, mark })
      if (!watched.delete(mark) || watched.size > 0) return
      guard?.close()
      guard = null
    },
  }
}
