import type { Fault } from '../errors/launch-error.ts'
import { localAuthorityFolderIfAny } from '../platform/accounts/local-authority-folder.ts'
import { rootsTrust } from '../platform/accounts/trust-rule.ts'
import { type DecidingPath, untrustedFaults } from './untrusted-fault.ts'

/** A user who has the key of the local CA can pose as any host to machines that trust it. */
export function localAuthorityPath(source?: string): readonly DecidingPath[] {
  const path = localAuthorityFolderIfAny()
  if (path === null) return []
  return [
    {
      what: 'folder of the local CA',
      path,
      use: 'used',
      source,
      instead: 'set XDG_DATA_HOME to a folder of root',
    },
  ]
}

/** For the commands that make or trust it. */
export function untrustedLocalAuthority(): Fault[] {
  return untrustedFaults(localAuthorityPath(), rootsTrust(null))
}
