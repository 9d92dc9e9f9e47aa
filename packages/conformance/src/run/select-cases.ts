import type { OptionName } from '@lockstep/core'
import { optionRow } from '@lockstep/core/internal'
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
