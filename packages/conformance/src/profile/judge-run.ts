import { type OptionName, optionNames } from '@lockstep/core/backend'
import { type OptionGroup, optionRow } from '@lockstep/core/internal'
import { conformanceCases } from '../cases/all-cases.ts'
import { type CaseResult, hasFailed } from '../run/case-result.ts'
import { minimumProfile } from './minimum-profile.ts'

/** What a run says of a backend as a whole. */
export interface Verdict {
  /**
   * `part`: nothing fell short, but too few cases were run to say more.
   * `below the minimum`: it refuses something that every backend has to honour.
   */
  readonly state: 'conforms' | 'below the minimum' | 'falls short' | 'part'
  /** What of the minimum it refuses, with the cases that show it. */
  readonly missing: readonly {
    readonly what: string
    readonly why: string
    readonly cases: readonly string[]
  }[]
  /** Cases that were refused as declared, by their level. */
  readonly refusedCases: { readonly MUST: number; readonly SHOULD: number }
  /** What was refused, by the groups of the help; members of the backend are in `backend`. */
  readonly refused: readonly RefusedGroup[]
}

export interface RefusedGroup {
  readonly group: OptionGroup | 'backend'
  /** Options of which every value that the suite has set was refused. */
  readonly always: readonly string[]
  /** Options of which other values were honoured. */
  readonly partly: readonly string[]
}

type Judged = Pick<CaseResult, 'id' | 'level' | 'door' | 'status' | 'refused' | 'detail'>

/** Judges the results of a run, also one of an older version, against the minimum. */
export function judgeRun(results: readonly Judged[]): Verdict {
  const refusedResults = results.filter(({ status }) => status === 'refused as declared')
  const refusedIds = new Set(refusedResults.map(({ id }) => id))
  const missing = minimumProfile.flatMap(({ what, why, cases }) => {
    const refused = cases.filter((id) => refusedIds.has(id))
    return refused.length === 0 ? [] : [{ what, why, cases: refused }]
  })
  const levelOf = new Map(refusedResults.map(({ id, level }) => [id, level]))
  const count = (level: CaseResult['level']): number =>
    [...levelOf.values()].filter((one) => one === level).length
  return {
    state: stateOf(results, missing.length > 0),
    missing,
    refusedCases: { MUST: count('MUST'), SHOULD: count('SHOULD') },
    refused: refusedGroups(results),
  }
}

function stateOf(results: readonly Judged[], isBelow: boolean): Verdict['state'] {
  if (results.some(hasFailed)) return 'falls short'
  if (isBelow) return 'below the minimum'
  const ran = new Set(results.map(({ id }) => id))
  // The contract is seen through the door of the backend alone. The matrix does not go through it, and older versions had no such cases.
  const isAsked = (id: string): boolean =>
    !id.startsWith('backend/') || results.some(({ door }) => door === 'backend')
  const isWhole = minimumProfile.flatMap(({ cases }) => cases).every((id) => ran.has(id) || !isAsked(id))
  return isWhole ? 'conforms' : 'part'
}

/** What a result says that was refused. Reports of older versions say it in their detail alone. */
function namesOf({ status, refused, detail }: Judged): readonly string[] {
  if (status !== 'refused as declared') return []
  return refused ?? [...detail.matchAll(/ cannot honour ([\w.]+) = /g)].map(([, name = '']) => name)
}

const observed = new Map(conformanceCases.map(({ id, observes }) => [id, observes]))

function refusedGroups(results: readonly Judged[]): RefusedGroup[] {
  const refused = new Set(results.flatMap(namesOf))
  const honoured = new Set(
    results.flatMap(({ id, status }) => (status === 'pass' ? (observed.get(id) ?? []) : [])),
  )
  const isOption = (name: string): name is OptionName => (optionNames as readonly string[]).includes(name)
  const groups = Map.groupBy(refused, (name) => (isOption(name) ? optionRow(name).group : 'backend'))
  const isPartly = (name: string): boolean => isOption(name) && honoured.has(name)
  return [...groups].map(([group, names]) => ({
    group,
    always: names.filter((name) => !isPartly(name)).sort(),
    partly: names.filter(isPartly).sort(),
  }))
}
