import { judgeRun, type Verdict } from '../profile/judge-run.ts'
import { nativeRuntime } from '../subject/node-runtime.ts'
import type { CaseResult } from './case-result.ts'
import { clientVersions } from './environment.ts'
import type { SuiteSubject } from './suite-subject.ts'

/** One run of the suite, as it is kept: everything else is rendered from it. */
export interface SuiteReport {
  readonly backend: string
  /** `linux`, `win32`, … */
  readonly platform: string
  /** For example `Node v24.21.0`. */
  readonly runtime: string
  readonly node: string
  readonly arch: string
  /** The version of Lockstep. */
  readonly lockstep: string
  /** The version of each client; `null`: not installed. */
  readonly clients: Readonly<Record<string, string | null>>
  /** ISO 8601. */
  readonly startedAt: string
  readonly durationMs: number
  readonly results: readonly CaseResult[]
  /** Absent in reports of older versions: `judgeRun()` returns it then. */
  readonly verdict?: Verdict
}

/** One column of the matrix. */
export interface MatrixCell {
  /** For example `Linux, Node 24`. */
  readonly platform: string
  readonly backend: string
  readonly state: Verdict['state'] | 'not run'
  /** Why it was not run, or why there is no report. */
  readonly reason: string | null
  readonly report: SuiteReport | null
}

/** The report of a run that has just ended. */
export function composeReport(
  { backend, runtime = nativeRuntime }: Pick<SuiteSubject, 'backend' | 'runtime'>,
  { startedAt, lockstep, results }: { startedAt: Date; lockstep: string; results: readonly CaseResult[] },
): SuiteReport {
  return {
    backend: backend.name,
    platform: runtime.platform,
    runtime: runtime.description,
    node: runtime.nodeVersion,
    arch: process.arch,
    lockstep,
    clients: clientVersions(),
    startedAt: startedAt.toISOString(),
    durationMs: Date.now() - startedAt.getTime(),
    verdict: judgeRun(results),
    results,
  }
}
