import assert from 'node:assert/strict'
import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stackOf } from '@lockstep/core/internal'
import type { Certificates } from '../certificates.ts'
import { recording } from '../clients/recorder.ts'
import type { ConformanceCase } from '../conformance-case.ts'
import type { Door } from '../subject/door.ts'
import { nativeRuntime } from '../subject/node-runtime.ts'
import type { CaseResult, CaseStatus } from './case-result.ts'
import { caseSession, RefusedAsDeclared } from './case-session.ts'
import { whatIsMissing } from './requirements.ts'
import type { SuiteSubject } from './suite-subject.ts'

/** Runs one case through one door. Never throws: what goes wrong is in the result. */
export async function runCase(
  one: ConformanceCase,
  { subject, door, certificates }: { subject: SuiteSubject; door: Door; certificates: Certificates },
): Promise<CaseResult> {
  const started = performance.now()
  const { runtime = nativeRuntime } = subject
  const result = (
    { status, detail }: { status: CaseStatus; detail: string },
    observations: CaseResult['observations'] = [],
  ): CaseResult => ({
    id: one.id,
    level: one.level,
    door: door.name,
    status,
    detail,
    durationMs: Math.round(performance.now() - started),
    observations,
  })
  const missing = whatIsMissing(one.needs, runtime)
  if (missing) return result(missing)

  const folder = mkdtempSync(join(tmpdir(), 'lockstep-case-'))
  const session = caseSession({ subject, door, runtime, certificates, folder })
  try {
    const { observations, error } = await recording(() => one.run(session.context))
    return result(verdict(error), observations)
  } finally {
    await session.end()
    // rmSync of Node 24 stops without an error as soon as something else, here a process that is ending, removes a file first.
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
  }
}

function verdict(error: unknown): { status: CaseStatus; detail: string } {
  if (error === null) return { status: 'pass', detail: '' }
  if (error instanceof RefusedAsDeclared) return { status: 'refused as declared', detail: error.message }
  if (error instanceof assert.AssertionError) return { status: 'fail', detail: error.message }
  return {
    status: 'harness error',
    detail: stackOf(error),
  }
}
