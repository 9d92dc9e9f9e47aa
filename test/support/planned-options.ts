import { expect } from 'vitest'
import { runLockstep, type StartOptions } from './lockstep.ts'

export interface PlannedOption {
  readonly name: string
  /** As text, as it is for people. */
  readonly value: string
  /** For people. */
  readonly source: string
  readonly setBy: string
}

/** Each option as `plan --json` shows it. The launch must be without a fault. */
export async function planOf(
  args: readonly string[],
  options: StartOptions = {},
): Promise<Record<string, PlannedOption>> {
  const { code, stdout, stderr } = await runLockstep(['plan', '--json', ...args], options)
  const { faults, options: planned } = JSON.parse(stdout) as {
    faults: unknown
    options: (PlannedOption & { text: string })[]
  }
  expect({ code, stderr, faults }).toEqual({ code: 0, stderr: '', faults: [] })
  return Object.fromEntries(planned.map((option) => [option.name, { ...option, value: option.text }]))
}

/** Only the values, to compare two ways to set the same options. */
export function valuesOf(plan: Record<string, PlannedOption>): Record<string, string> {
  return Object.fromEntries(Object.values(plan).map(({ name, value }) => [name, value]))
}
