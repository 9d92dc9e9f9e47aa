import type { Fault } from '../errors/launch-error.ts'
import type { PlannedIdentity } from '../plan/launch-plan.ts'
import { rootsTrust } from '../platform/accounts/trust-rule.ts'
import { controlFolder } from '../platform/net/control-endpoint.ts'
import { untrustedFaults } from '../trust/untrusted-fault.ts'

/** Another user who could change the folder could pose as a server to the verbs of root. `served`: the user that serves, if it is another. */
export function untrustedControlFolder(served: PlannedIdentity | null): Fault[] {
  return untrustedFaults(
    [
      {
        what: 'control folder',
        path: controlFolder(),
        use: 'used',
        source: 'control',
        instead:
          'unset XDG_RUNTIME_DIR (`su -` does), set it to a folder of root, or start with --no-control',
      },
    ],
    rootsTrust(served),
  )
}
