import type { PlannedHttps } from '../../plan/launch-plan.ts'
import type { BoundAddress } from '../../platform/net/address/bound-address.ts'

/** The port of HTTPS that redirects lead to; `null` when there is none: then nothing can be redirected. */
export function redirectPort(
  { redirectPort: planned }: PlannedHttps,
  bound: readonly BoundAddress[],
): number | null {
  return planned ?? bound.find((address) => address.kind === 'tcp')?.port ?? null
}
