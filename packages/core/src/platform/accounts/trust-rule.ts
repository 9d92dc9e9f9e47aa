import { readFileSync } from 'node:fs'
import { localGroupsOf } from './group-members.ts'
import type { PlannedIdentity } from './identity.ts'
import type { TrustRule } from './path-trust.ts'

/**
 * Who may decide for this process, if it is root: root, and the user who started it by sudo, `pkexec` or the like, as long
 * as that one is not the user that serves. `null`: it is not root, so it can do no more than the user who starts it, or this is
 * Windows, where files have neither owners nor modes of this kind.
 */
export function rootsTrust(served: Pick<PlannedIdentity, 'uid' | 'gid' | 'name'> | null): TrustRule | null {
  if (process.geteuid?.() !== 0) return null
  const owners = [0, ...(starter === null ? [] : [starter]), ...unmappedOwner()]
  return {
    owners: new Set(owners.filter((uid) => uid === 0 || uid !== served?.uid)),
    servedGroups: new Set(
      served === null || served.uid === 0
        ? []
        : [served.gid, ...(served.name === null ? [] : localGroupsOf(served.name))],
    ),
  }
}

/** Who may own a key, its folders and links: the user who starts the launcher, and root. Windows has no such owners. */
export function starterTrust(served: Pick<PlannedIdentity, 'uid' | 'gid' | 'name'> | null): TrustRule | null {
  const user = process.geteuid?.()
  if (user === undefined) return null
  return rootsTrust(served) ?? { owners: new Set([0, user, ...unmappedOwner()]), servedGroups: new Set() }
}

/**
 * The user behind sudo(8) or pkexec(1). Read once, when this file is loaded: later the environment may hold what an app has put there.
 * Who may run the launcher as root by sudo can name any app to it, and so is root already.
 */
const starter =
  ['SUDO_UID', 'PKEXEC_UID']
    .map((name) => process.env[name] ?? '')
    .filter((text) => /^\d+$/.test(text))
    .map(Number)[0] ?? null

/**
 * In a user namespace (rootless containers) all users of the machine outside appear as one, who owns such folders as `/` where they are
 * not part of the image. No process in the namespace can act as that one.
 */
function unmappedOwner(): number[] {
  try {
    const isWhole = /^\s*0\s+0\s+4294967295\s*$/.test(readFileSync('/proc/self/uid_map', 'utf8'))
    return isWhole ? [] : [Number(readFileSync('/proc/sys/kernel/overflowuid', 'utf8'))]
  } catch {
    return [] // Not Linux.
  }
}
