import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inTime } from '../clients/missed-deadline.ts'
import { recording } from '../clients/recorder.ts'
import type { ConformanceCase } from '../conformance-case.ts'
import type { Door } from '../subject/door.ts'
import { nativeRuntime } from '../subject/node-runtime.ts'
import type { CaseResult } from './case-result.ts'
import { caseSession } from './case-session.ts'
import { judgeError } from './judge-error.ts'
import { whatIsMissing } from './requirements.ts'
import type { SuiteMaterials } from './suite-materials.ts'
import type { SuiteSubject } from './suite-subject.ts'
import { timeLimitOf } from './time-limit.ts'

interface Surroundings {
  readonly subject: SuiteSubject
  readonly door: Door
  readonly materials: SuiteMaterials
  /** Ends the case early, as a failure that counts for nothing. */
  readonly signal?: AbortSignal | undefined
}

/** Runs one case through one door. Never throws: what goes wrong is in the result. */
export async function runCase(one: ConformanceCase, surroundings: Surroundings): Promise<CaseResult> {
  return (await runCaseWithError(one, surroundings)).result
}

/** The same, with what the case has thrown; `null`: nothing. */
export async function runCaseWithError(
  one: ConformanceCase,
  { subject, door, materials, signal }: Surroundings,
): Promise<{ readonly result: CaseResult; readonly error: unknown }> {
  const started = performance.now()
  const { runtime = nativeRuntime } = subject
  const result = (
    { status, detail, refused }: Pick<CaseResult, 'status' | 'detail' | 'refused'>,
    observations: CaseResult['observations'] = [],
  ): CaseResult => ({
    id: one.id,
    level: one.level,
    door: door.name,
    status,
    ...(refused && { refused }),
    detail,
    durationMs: Math.round(performance.now() - started),
    observations,
  })
  const missing = whatIsMissing(one.needs, runtime)
  if (missing) return { result: result(missing), error: null }

  const folder = mkdtempSync(join(tmpdir(), 'lockstep-case-'))
  const session = caseSession({ subject, door, runtime, materials, folder })
  try {
    const limitMs = timeLimitOf(one, runtime)
    const { observations, exchanges, error } = await recording(() =>
      unlessAborted(signal, inTime(one.run(session.context), limitMs, 'the case to end')),
    )
    const judged = judgeError(error, { one, exchanges, hasAnswered: session.hasAnswered() })
    return { result: result(judged, observations), error }
  } finally {
    await session.end()
    // rmSync of Node 24 stops without an error as soon as something else, here a process that is ending, removes a file first.
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
  }
}

async function unlessAborted<Result>(
  signal: AbortSignal | undefined,
  work: Promise<Result>,
): Promise<Result> {
  if (!signal) return work
  const aborted = Promise.withResolvers<never>()
  const onAbort = (): void => aborted.reject(signal.reason)
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    if (signal.aborted) onAbort()
    return await Promise.race([work, aborted.promise])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}
