import { isErrorLike } from '@lockstep/core/internal'
import { observationLine } from '../reports/observation-line.ts'
import { type CaseResult, hasFailed } from '../run/case-result.ts'
import { checkSubject } from '../run/check-subject.ts'
import { whatIsMissing } from '../run/requirements.ts'
import { runCaseWithError } from '../run/run-case.ts'
import { type CaseSelection, isSeenThrough, selectCases } from '../run/select-cases.ts'
import { borrowMaterials, type SuiteMaterials } from '../run/suite-materials.ts'
import type { SuiteSubject } from '../run/suite-subject.ts'
import { timeLimitOf } from '../run/time-limit.ts'
import type { DoorName } from '../subject/door.ts'
import { nativeRuntime } from '../subject/node-runtime.ts'
import { doorsOf } from '../subject/open-doors.ts'
import { formOf, type TestRegistrar } from './runner-form.ts'

/** The case ends itself before the runner would. */
const graceMs = 15_000
/** Certificates are created before the first case. */
const setUpMs = 120_000

/**
 * Registers one test for each case and door with a test runner. A case that was refused as declared, or that could not be observed, is
 * skipped with the reason. jest can't skip a test that runs: there it passes, and `onResult` distinguishes it. A failure has the stack of
 * the check that failed, and what the clients saw.
 *
 * @param runner - The module of the runner, such as `import * as runner from 'node:test'`.
 * @param options.cases - Patterns of ids such as `tls/*`, or cases; unset, all of them.
 * @param options.quick - Leaves out the few cases that take many seconds.
 * @param options.doors - Unset, every door that the subject has.
 * @throws {RangeError} For a pattern that no case matches.
 * @example
 * ```ts
 * import { registerCases } from '@lockstep/conformance'
 * import * as runner from 'node:test'
 * import backend from './my-backend.js'
 *
 * const subject = { backend, backendName: new URL('./my-backend.js', import.meta.url).pathname }
 * registerCases(subject, runner, { cases: 'tls/*', quick: true })
 * ```
 */
export function registerCases(
  subject: SuiteSubject,
  runner: TestRegistrar,
  {
    cases,
    quick,
    doors,
    onResult,
  }: {
    cases?: CaseSelection
    quick?: boolean
    doors?: readonly DoorName[]
    onResult?: (result: CaseResult) => void
  } = {},
): void {
  const form = formOf(runner)
  const { runtime = nativeRuntime } = subject
  const selected = selectCases({ cases, quick })
  for (const door of doorsOf(subject).filter(({ name }) => (doors ?? [name]).includes(name))) {
    form.describe(`${subject.backend.name} through the door ${door.name}`, () => {
      let materials: (SuiteMaterials & AsyncDisposable) | undefined
      form.before(async () => {
        checkSubject(subject)
        materials = await borrowMaterials()
      }, setUpMs)
      form.after(() => materials?.[Symbol.asyncDispose]())
      for (const one of selected.filter((each) => isSeenThrough(door.name, each))) {
        const name = `${one.id}: ${one.requirement}`
        const missing = form.canSkip ? null : whatIsMissing(one.needs, runtime)
        if (missing) {
          form.skipped(`${name} (${missing.status}: ${missing.detail})`)
          continue
        }
        form.test(name, {
          limitMs: timeLimitOf(one, runtime) + graceMs,
          async run(skip) {
            if (!materials) throw new Error('the runner did not wait for before()')
            const { result, error } = await runCaseWithError(one, { subject, door, materials })
            onResult?.(result)
            if (hasFailed(result)) throw failureOf(result, error)
            if (result.status !== 'pass') skip(`${result.status}: ${result.detail}`)
          },
        })
      }
    })
  }
}

/** The failure of a case with its own stack, and with what the clients saw until then. */
function failureOf({ status, detail, observations }: CaseResult, cause: unknown): Error {
  const seen = observations.map((one) => `\n  ${observationLine(one)}`).join('')
  const failure = new Error(`${status}: ${detail}${seen && `\nWhat the clients saw:${seen}`}`, { cause })
  if (isErrorLike(cause)) {
    const frames = cause.stack?.split('\n').filter((line) => /^\s+at /.test(line)) ?? []
    failure.stack = `${failure.name}: ${failure.message}\n${frames.join('\n')}`
  }
  return failure
}
