import type { Fault } from '../errors/launch-error.ts'
import { type Distrust, findDistrusts, type TrustRule } from '../platform/accounts/path-trust.ts'
import { quoteForShell } from './quote-for-shell.ts'

/** A path that root is about to obey, execute, or write to. */
export interface DecidingPath {
  /** Such as `configuration file`. */
  readonly what: string
  readonly path: string
  /** What root does with it, in the passive. */
  readonly use: 'obeyed' | 'executed' | 'used' | 'written'
  /** Where it was named; unset, it was looked for. */
  readonly source?: string | undefined
  /** What else would do, beside other owners and modes. */
  readonly instead?: string | undefined
}

/** A fault for each path that a user other than root (or the starter) could change. */
export function untrustedFaults(paths: readonly DecidingPath[], rule: TrustRule | null): Fault[] {
  if (!rule) return []
  return paths.flatMap((deciding) => {
    const found = findDistrusts(deciding.path, rule, { written: deciding.use === 'written' })
    return found.length === 0 ? [] : [fault(deciding, found)]
  })
}

function fault({ what, path, use, source, instead }: DecidingPath, found: readonly Distrust[]): Fault {
  const [first] = found
  return {
    code: 'LOCKSTEP_ERR_UNTRUSTED_FILE',
    message: `The ${what} ${path} would be ${use} by root, but ${first ? describeDistrust(first, path) : ''}.`,
    hint: `Run ${curesOf(found).join(' && ')}${instead === undefined ? '' : `; or ${instead}`}. See docs/security.md.`,
    source,
  }
}

/** Such as `the folder /srv/app belongs to another user (uid 1000, mode 0755), who can change it`. */
export function describeDistrust(
  { path: at, is, because, uid, gid, mode }: Distrust,
  /** A statement about this path itself does not mention it again. */
  path: string,
): string {
  const it = at === path ? (is === 'link' ? 'that link' : 'it') : `the ${is} ${at}`
  switch (because) {
    case 'owner':
      return `${it} belongs to another user (uid ${uid}, mode ${mode}), who can change it`
    case 'group':
      return `${it} can be changed by its group (gid ${gid}, mode ${mode}), which has other members than its owner`
    case 'others':
      return `${it} can be changed by every user (mode ${mode})`
  }
}

/** Commands that make root the owner of each path and remove the write permission of others. */
export function curesOf(found: readonly Distrust[], owner = 0): string[] {
  return found.flatMap(({ path, is, because, mode }) => {
    const name = quoteForShell(path)
    if (is === 'link') return [`chown -h ${owner}:${owner} ${name}`]
    const isOpen = (Number.parseInt(mode, 8) & 0o022) !== 0
    return [
      ...(because === 'owner' ? [`chown ${owner}:${owner} ${name}`] : []),
      ...(isOpen ? [`chmod go-w ${name}`] : []),
    ]
  })
}
