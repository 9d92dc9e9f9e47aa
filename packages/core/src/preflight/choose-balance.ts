import type { OptionValue } from '../options/option-table.ts'
import type { LaunchPlan } from '../plan/launch-plan.ts'

/** What `auto` means: by measurement (see ARCHITECTURE.md), the quickest that spreads connections well and loses none. */
export function chooseBalance(
  asked: OptionValue<'balance'>,
  { platform, canHold }: { platform: NodeJS.Platform; canHold: boolean },
): LaunchPlan['balance'] {
  if (asked !== 'auto') return asked
  return platform === 'win32' || !canHold ? 'round-robin' : 'shared'
}
