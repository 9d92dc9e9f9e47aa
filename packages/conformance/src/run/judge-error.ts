import { AssertionError } from 'node:assert/strict'
import { codeOf, isErrorLike, stackOf } from '@lockstep/core/internal'
import type { Exchange } from '../clients/recorder.ts'
import type { ConformanceCase } from '../conformance-case.ts'
import type { CaseResult } from './case-result.ts'
import { RefusedAsDeclared } from './case-session.ts'
import { describeFailure, describeUnreadable } from './describe-failure.ts'

/**
 * What came of a case that has thrown this, or `null`. A case reads what the subject answers: an answer in another form makes it throw
 * anything, such as a `TypeError`, and that is a finding about the subject too. Only what breaks before a subject has answered at all, or
 * what the suite's machine lacks, is an error of the suite.
 */
export function judgeError(
  error: unknown,
  {
    one,
    exchanges,
    hasAnswered,
  }: {
    one: Pick<ConformanceCase, 'requirement'>
    /** What the clients got before, the newest last. */
    exchanges: readonly Exchange[]
    hasAnswered: boolean
  },
): Pick<CaseResult, 'status' | 'detail' | 'refused'> {
  if (error === null) return { status: 'pass', detail: '' }
  if (error instanceof RefusedAsDeclared)
    return { status: 'refused as declared', detail: error.message, refused: error.refused }
  if (error instanceof AssertionError)
    return { status: 'fail', detail: describeFailure(error, { ...one, exchanges }) }
  if (!hasAnswered || isOfMachine(error)) return { status: 'harness error', detail: stackOf(error) }
  const unreadable = describeUnreadable(error, { ...one, exchanges })
  if (unreadable !== null) return { status: 'fail', detail: unreadable }
  return {
    status: 'fail',
    detail: `the subject answered something that the suite cannot read\nRequired: ${one.requirement}\n${stackOf(error)}`,
  }
}

/** Neither a program nor another file can be opened here. */
const codesOfMachine: readonly string[] = ['EMFILE', 'ENFILE', 'ENOSPC', 'ENOMEM', 'EAGAIN']

function isOfMachine(error: unknown): boolean {
  const { syscall = '' } = isErrorLike(error) ? (error as NodeJS.ErrnoException) : {}
  return codesOfMachine.includes(codeOf(error)) || syscall.startsWith('spawn')
}
