import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { conformanceCases } from '../cases/all-cases.ts'
import { type Certificates, createCertificates } from '../certificates.ts'
import type { ConformanceCase } from '../conformance-case.ts'
import { type CaseResult, hasFailed } from '../run/case-result.ts'
import { checkCopies } from '../run/check-copies.ts'
import { runCase } from '../run/run-case.ts'
import { isSeenThrough } from '../run/select-cases.ts'
import type { SuiteSubject } from '../run/suite-subject.ts'
import type { DoorName } from '../subject/door.ts'
import { doorsOf } from '../subject/open-doors.ts'

/** What a test runner brings: vitest and `node:test` both fit as they are. */
export interface TestRegistrar {
  describe(name: string, define: () => void): unknown
  it(name: string, run: () => Promise<void>): unknown
  before(run: () => Promise<void>): unknown
  after(run: () => void): unknown
}

/**
 * Registers one test for each case and door with a test runner. A test fails as its case does; what was refused as declared or
 * could not be observed passes there, and `onResult` distinguishes them.
 *
 * With vitest: `registerCases(subject, { describe, it, before: beforeAll, after: afterAll })`; with Node's own runner, `node:test`
 * itself as the second argument.
 */
export function registerCases(
  subject: SuiteSubject,
  { describe, it, before, after }: TestRegistrar,
  {
    cases = conformanceCases,
    doors,
    onResult,
  }: {
    cases?: readonly ConformanceCase[]
    doors?: readonly DoorName[]
    onResult?: (result: CaseResult) => void
  } = {},
): void {
  for (const door of doorsOf(subject).filter(({ name }) => (doors ?? [name]).includes(name))) {
    describe(`${subject.backend.name} through the door ${door.name}`, () => {
      let certificates: Certificates
      let folder: string
      before(async () => {
        checkCopies(subject)
        folder = mkdtempSync(join(tmpdir(), 'lockstep-suite-'))
        certificates = await createCertificates(folder)
      })
      after(() => rmSync(folder, { recursive: true, force: true }))
      for (const one of cases.filter((each) => isSeenThrough(door.name, each))) {
        it(`${one.id}: ${one.requirement}`, async () => {
          const result = await runCase(one, { subject, door, certificates })
          onResult?.(result)
          if (hasFailed(result)) throw new Error(`${result.status}: ${result.detail}`)
        })
      }
    })
  }
}
