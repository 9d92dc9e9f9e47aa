import { type Distrust, findDistrusts, type TrustRule } from '../accounts/path-trust.ts'
import { takeNote } from './read-and-note.ts'
import { statIfReachable } from './stat-if-reachable.ts'

/** Who but this user and root can get at a file with a secret in it. */
export type SecretFileState =
  | { readonly kind: 'private' }
  /** Its mode, as octal digits, lets others read or change it. */
  | { readonly kind: 'open'; readonly mode: string }
  /** It belongs to another user, who can change it at any time. */
  | { readonly kind: 'foreign'; readonly uid: number }
  /** Another user can put another file in its place: each folder and link on the way that allows it. */
  | { readonly kind: 'replaceable'; readonly by: readonly Distrust[] }

/**
 * PostgreSQL's rule (https://www.postgresql.org/docs/current/ssl-tcp.html): owned by this user and 0600 or stricter, or owned by
 * root and 0640 or stricter, so that root can share it with a group, as Debian's `ssl-cert`. Symbolic links are followed, and they and the
 * folders on the way have the same owners and are closed to others. A file that was read is judged as it was then. No rule (`null`) is Windows, which has no such bits; and a file
 * that is missing or out of reach has nothing to show.
 */
export function secretFileState(file: string, rule: TrustRule | null): SecretFileState {
  const found = rule && (takeNote(file) ?? statIfReachable(file))
  if (!found?.isFile()) return { kind: 'private' }
  const { mode, uid } = found
  if (!rule?.owners.has(uid)) return { kind: 'foreign', uid }
  const allowed = uid === 0 ? 0o740 : 0o700
  if ((mode & 0o777 & ~allowed) !== 0)
    return { kind: 'open', mode: (mode & 0o777).toString(8).padStart(4, '0') }
  const by = findDistrusts(file, rule).filter(({ is }) => is !== 'file')
  return by.length === 0 ? { kind: 'private' } : { kind: 'replaceable', by }
}
