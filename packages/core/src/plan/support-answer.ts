import type { OptionName, OptionValue } from '../options/option-table.ts'
import type { SupportPlan } from './launch-plan.ts'

/** What a backend says of an option: how it is honoured, or why it can't be and what to do. */
export type SupportAnswer =
  | { readonly honoured: true; readonly how: string }
  | { readonly honoured: false; readonly reason: string; readonly cure: string }

/** What an answer may depend on, beside the value of its option. */
export interface SupportContext {
  readonly platform: NodeJS.Platform
  /** Whether the launcher runs in a worker thread of the program that embeds it. */
  readonly isWorkerThread: boolean
  /** Whether the system says how much memory a process holds. */
  readonly canReadMemory: boolean
  /** What is known of the plan. */
  readonly plan: SupportPlan
}

/** An answer, or one that depends on the value, the platform and the plan. No answer, or `undefined`, refuses the option. */
export type OptionAnswer<Name extends OptionName> =
  | SupportAnswer
  | ((value: OptionValue<Name>, context: SupportContext) => SupportAnswer | undefined)
