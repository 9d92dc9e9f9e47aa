import { readFileSync } from 'node:fs'
import { LaunchError } from '../../errors/launch-error.ts'
import { messageOf } from '../../errors/thrown.ts'
import type { PlannedIdentity } from './identity.ts'

/** https://nodejs.org/api/process.html#processinitgroupsuser-extragroup; the types of Node 24 lack it. */
type InitGroups = NodeJS.Process & { initgroups(user: string, extraGroup: number): void }

/**
 * Makes this process, all its threads included, another user's for good: other groups first, the group, then the user, since
 * afterwards nothing of it is allowed any more. `setuid(2)` of root sets the real, the effective and the saved id. Then it
 * looks whether that is so, and whether the way back is closed. Throws `LOCKSTEP_ERR_PRIVILEGES_KEPT`; the caller must not go on then.
 */
export function dropPrivileges(identity: PlannedIdentity): void {
  const { uid, gid, name, home } = identity
  try {
    if (name === null) process.setgroups?.([gid])
    else (process as InitGroups).initgroups(name, gid)
    process.setgid?.(gid)
    process.setuid?.(uid)
  } catch (cause) {
    throw kept(identity, messageOf(cause))
  }
  const difference = differenceFrom(identity)
  if (difference !== null) throw kept(identity, difference)
  if (home !== null) process.env['HOME'] = home
  if (name !== null) Object.assign(process.env, { USER: name, LOGNAME: name })
}

function differenceFrom({ uid, gid }: PlannedIdentity): string | null {
  const ids = [process.getuid?.(), process.geteuid?.(), process.getgid?.(), process.getegid?.()]
  if (ids.join() !== [uid, uid, gid, gid].join()) return `its user and group ids are ${ids.join(', ')}`
  if (uid !== 0 && canBecomeRoot()) return 'it could become root again'
  return process.platform === 'linux' ? differenceOfStatus(readStatus(), { uid, gid }) : null
}

function canBecomeRoot(): boolean {
  try {
    process.setuid?.(0)
    return true
  } catch {
    return false // As it must be.
  }
}

/** proc(5): the real, effective, saved and file system ids; and the capabilities, which leave with the last id of root. */
export function differenceOfStatus(
  status: string,
  { uid, gid }: Pick<PlannedIdentity, 'uid' | 'gid'>,
): string | null {
  const field = (name: string): string =>
    new RegExp(`^${name}:\\s*(.*)$`, 'm').exec(status)?.[1]?.trim() ?? ''
  const expected: Readonly<Record<string, RegExp>> = {
    Uid: new RegExp(`^${uid}(\\s+${uid}){3}$`),
    Gid: new RegExp(`^${gid}(\\s+${gid}){3}$`),
    CapPrm: /^0+$/,
    CapEff: /^0+$/,
  }
  const wrong = Object.keys(expected).filter((name) => !expected[name]?.test(field(name)))
  return wrong.length === 0 ? null : wrong.map((name) => `${name} is ${field(name)}`).join(', ')
}

function readStatus(): string {
  return readFileSync('/proc/self/status', 'utf8')
}

function kept({ uid, gid, name }: PlannedIdentity, reason: string): LaunchError {
  return new LaunchError({
    code: 'LOCKSTEP_ERR_PRIVILEGES_KEPT',
    message: `The process could not become user ${name ?? uid} (uid ${uid}, gid ${gid}) for good: ${reason}.`,
    hint: 'Start it as root with the rights to change users (CAP_SETUID, CAP_SETGID), or as that user without --user.',
    source: 'user',
  })
}
