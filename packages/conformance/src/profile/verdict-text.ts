import { optionGroups } from '@lockstep/core/internal'
import type { RefusedGroup, Verdict } from './judge-run.ts'

/** The verdict in a few words, to follow the counts. */
export function verdictWords({ state, missing }: Verdict): string {
  switch (state) {
    case 'conforms':
      return 'conforms'
    case 'falls short':
      return 'falls short'
    case 'part':
      return 'nothing fell short in this part of the suite'
    case 'below the minimum':
      return `does not conform, because it refuses what every backend has to honour: ${missing.map(({ what }) => what).join('; ')}`
  }
}

/** What of the minimum is refused, a line for each thing. */
export function missingLines({ missing }: Verdict): string[] {
  return missing.map(
    ({ what, why, cases }) => `Below the minimum: ${what}. ${why} Refused in ${cases.join(', ')}.`,
  )
}

/** What is refused, a line for each group of options. */
export function refusedLines({ refused, refusedCases }: Verdict): string[] {
  const { MUST, SHOULD } = refusedCases
  if (MUST + SHOULD === 0) return []
  return [
    `Refused as declared: ${MUST} cases of level MUST, ${SHOULD} of level SHOULD.`,
    ...refused.map(line),
  ]
}

function line({ group, always, partly }: RefusedGroup): string {
  const name = group === 'backend' ? 'Members of the backend' : optionGroups[group]
  const some = partly.length === 0 ? [] : [`some values of ${partly.join(', ')}`]
  return `${name}: ${[...always, ...some].join(', ')}`
}
