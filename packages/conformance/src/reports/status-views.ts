import type { CaseStatus } from '../run/case-result.ts'

/** How a status is shown: a reader must be able to distinguish them without colours. */
export interface StatusView {
  /** One character. */
  readonly mark: string
  /** `green`: honoured, `amber`: said so in time, or known, `red`: fell short, `grey`: nothing is known or to be known. */
  readonly tone: Tone
  /** What it means, to follow the mark in a legend. */
  readonly meaning: string
}

export type Tone = 'green' | 'amber' | 'red' | 'grey'

/** From the best to the worst: where several doors or cells share a mark, the worst one is shown. */
export const statusViews = {
  pass: { mark: '✓', tone: 'green', meaning: 'passes' },
  'not on this platform': { mark: '–', tone: 'grey', meaning: 'cannot exist on that platform' },
  'refused as declared': {
    mark: '↩',
    tone: 'amber',
    meaning: 'is refused before anything is bound, as the backend declares',
  },
  'not observed': { mark: '?', tone: 'grey', meaning: 'was not observed, because a client is missing' },
  'known failure': { mark: '!', tone: 'amber', meaning: 'fails, as is known and listed with its reason' },
  'stale known failure': {
    mark: '‼',
    tone: 'red',
    meaning: 'passes, though it is listed as a known failure',
  },
  fail: { mark: '✗', tone: 'red', meaning: 'falls short' },
  'harness error': { mark: '⚠', tone: 'red', meaning: 'is not known, because the suite itself broke' },
} as const satisfies Readonly<Record<CaseStatus, StatusView>>

/** All statuses, the best first. */
export const statuses = Object.keys(statusViews) as readonly CaseStatus[]

/** The worst of some statuses, of which there must be one at least. */
export function worstStatus(some: readonly CaseStatus[]): CaseStatus {
  return some.reduce((worst, one) => (statuses.indexOf(one) > statuses.indexOf(worst) ? one : worst), 'pass')
}
