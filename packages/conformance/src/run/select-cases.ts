import type { OptionName } from '@lockstep/core'
import { optionRow } from '@lockstep/core/internal'
import { conformanceCases } from '../cases/all-cases.ts'
import type { ConformanceCase } from '../conformance-case.ts'
import type { DoorName } from '../subject/door.ts'

/** Whether an id matches a pattern, in which `*` stands for anything. */
export function matchesPattern(id: string, pattern: string): boolean {
  const literal = pattern.split('*').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${literal.join('.*')}$`).test(id)
}

/** A backend alone shows nothing of the options on which the launcher acts by itself. */
export function isSeenThrough(door: DoorName, { doors, observes }: ConformanceCase): boolean {
  if (doors) return doors.includes(door)
  return door !== 'backend' || observes.some((name) => !isOfLauncher(name))
}

const isOfLauncher = (name: OptionName): boolean => optionRow(name).station === 'launcher'

/** A choice among the cases: patterns of ids, in which `*` stands for anything, or the cases themselves. */
export type CaseSelection = string | readonly string[] | readonly ConformanceCase[]

/** Throws a `RangeError` for a pattern that no case matches: a run of nothing would pass. */
export function selectCases({
  cases: selection = '*',
  quick = false,
}: {
  readonly cases?: CaseSelection | undefined
  /** Leaves out the few cases that take many seconds. */
  readonly quick?: boolean | undefined
}): readonly ConformanceCase[] {
  const chosen = [selection].flat() as readonly (string | ConformanceCase)[]
  const found = chosen.flatMap((one) => (typeof one === 'string' ? casesLike(one) : [one]))
  return [...new Set(found)].filter(({ slow }) => !(quick && slow))
}

function casesLike(pattern: string): readonly ConformanceCase[] {
  const found = conformanceCases.filter(({ id }) => matchesPattern(id, pattern))
  if (found.length > 0) return found
  throw new RangeError(
    `No case matches ${pattern}. \`lockstep conformance --list\` shows the ids; * stands for anything.`,
  )
}
