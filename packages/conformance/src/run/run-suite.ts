import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { conformanceCases } from '../cases/all-cases.ts'
import { createCertificates } from '../certificates.ts'
import type { ConformanceCase } from '../conformance-case.ts'
import type { CaseResult } from './case-result.ts'
import { runCase, type SuiteSubject } from './run-case.ts'

/** Runs cases against a backend, some at a time, and gives the results in the order of the cases. */
export async function runSuite(
  subject: SuiteSubject,
  {
    cases = conformanceCases,
    atATime = 4,
    onResult,
  }: { cases?: readonly ConformanceCase[]; atATime?: number; onResult?: (result: CaseResult) => void } = {},
): Promise<readonly CaseResult[]> {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-suite-'))
  try {
    const certificates = await createCertificates(folder)
    const results = new Map<string, CaseResult>()
    const queue = cases.values()
    const worker = async (): Promise<void> => {
      for (const one of queue) {
        const result = await runCase(one, { subject, certificates })
        results.set(one.id, result)
        onResult?.(result)
      }
    }
    await Promise.all(Array.from({ length: atATime }, worker))
    return cases.flatMap(({ id }) => results.get(id) ?? [])
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
