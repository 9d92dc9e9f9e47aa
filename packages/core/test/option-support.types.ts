import {
  type BackendSupport,
  clusterBackend,
  honoured,
  launcherSupport,
  type OptionSupport,
  serveSupport,
} from '@lockstep/core/backend'

// Checked by the compiler alone: each line below an expectation must be an error, or the expectation itself is one.

const complete: OptionSupport = clusterBackend.support
const { workers: _, ...withoutWorkers } = complete

// @ts-expect-error A support table without an answer for an option is a compile error.
export const incomplete: OptionSupport = withoutWorkers

/** A third-party backend may leave an option out, which is refused then. */
export const byOthers: BackendSupport = withoutWorkers

// @ts-expect-error The shared answers of the launcher and of `serve/` do not cover the backend's own options.
export const readyAnswersAlone: OptionSupport = { ...launcherSupport, ...serveSupport }

// @ts-expect-error A name that is not an option must not be in the table.
export const misspelt: OptionSupport = { ...complete, worker: honoured('one') }

// @ts-expect-error Nor in the table of a third-party backend.
export const misspeltByOthers: BackendSupport = { worker: honoured('one') }

export const dependsOnTheValue: OptionSupport = {
  ...complete,
  // @ts-expect-error The value of an option keeps its type here: workers is not text.
  workers: (value: string) => honoured(value),
}
