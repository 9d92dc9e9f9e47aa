import type { Fault } from '../errors/launch-error.ts'

/** What came of reading something: its value, or `null` with what is wrong. A value may have faults too. */
export interface Finding<Value> {
  readonly value: Value | null
  readonly faults: readonly Fault[]
}
