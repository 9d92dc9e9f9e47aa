import type { Fault } from '../errors/launch-error.ts'
import type { ResolvedOptions } from '../options/resolve-options.ts'
import type { ValueSource } from '../options/sources/raw-options.ts'
import { findGroup, findUser, isNumber } from '../platform/accounts/user-database.ts'
import type { PlannedIdentity, SocketAccess } from './launch-plan.ts'

/** The user and group that the options name, and whether this process may become them. */
export interface PlannedAccounts {
  readonly runAs: PlannedIdentity | null
  /** Of each UNIX domain socket; `null`: as the system makes it. */
  readonly access: SocketAccess | null
  readonly faults: readonly Fault[]
}

/** Finds users and groups by name, and checks what only root can do. Windows has neither: there the support tables refuse. */
export async function planAccounts(options: ResolvedOptions): Promise<PlannedAccounts> {
  if (process.platform === 'win32') return { runAs: null, access: null, faults: [] }
  const { identity, faults } = await findIdentity(options)
  const socket = await findSocketAccess(options, identity)
  const isAnother = identity !== null && !isCurrent(identity)
  return {
    runAs: isAnother ? identity : null,
    access: socket.access,
    faults: [
      ...faults,
      ...(isAnother && !isRoot() ? [notRoot('Changing to another user', options.user.source)] : []),
      ...socket.faults,
    ],
  }
}

/** The user and the group that the options name. */
export async function findIdentity({ user, group }: Pick<ResolvedOptions, 'user' | 'group'>): Promise<{
  identity: PlannedIdentity | null
  faults: readonly Fault[]
}> {
  const fail = (...faults: Fault[]): { identity: null; faults: readonly Fault[] } => ({
    identity: null,
    faults,
  })
  if (user.value === null) return group.value === null ? fail() : fail(groupAlone(group.source))
  const found = await findUser(user.value)
  if (!found && !isNumber(user.value)) return fail(unknown('user', user))
  if (!found && group.value === null) return fail(withoutGroup(user))
  const gid = group.value === null ? (found?.gid ?? null) : await findGroup(group.value)
  if (gid === null) return fail(unknown('group', group))
  const uid = found?.uid ?? Number(user.value)
  if (uid === 0 && gid !== 0) return fail(groupAlone(group.source))
  return { identity: { uid, gid, name: found?.name ?? null, home: found?.home ?? null }, faults: [] }
}

async function findSocketAccess(
  {
    'socket.mode': mode,
    'socket.owner': owner,
    'socket.group': group,
    bind,
    'tls.redirect': redirect,
  }: ResolvedOptions,
  identity: PlannedIdentity | null,
): Promise<Pick<PlannedAccounts, 'access' | 'faults'>> {
  const set = [mode, owner, group].filter(({ value }) => value !== null)
  const hasSocket = [...(bind.value ?? []), ...(redirect.value ?? [])].some(({ kind }) => kind === 'unix')
  if (!hasSocket) return { access: null, faults: set.map(({ source }) => withoutSocket(source)) }
  const uid = owner.value === null ? (identity?.uid ?? null) : await findUserNumber(owner.value)
  const gid = group.value === null ? (identity?.gid ?? null) : await findGroup(group.value)
  const faults = [
    ...(owner.value !== null && uid === null ? [unknown('user', owner)] : []),
    ...(group.value !== null && gid === null ? [unknown('group', group)] : []),
    ...(owner.value !== null && uid !== null && uid !== process.geteuid?.() && !isRoot()
      ? [notRoot('Giving a socket to another user', owner.source)]
      : []),
    ...(group.value !== null && gid !== null && !isOwnGroup(gid) && !isRoot()
      ? [notRoot('Giving a socket to a group of others', group.source)]
      : []),
  ]
  const access = { mode: mode.value, uid, gid }
  return { access: Object.values(access).every((value) => value === null) ? null : access, faults }
}

async function findUserNumber(given: string): Promise<number | null> {
  return isNumber(given) ? Number(given) : ((await findUser(given))?.uid ?? null)
}

const isRoot = (): boolean => process.geteuid?.() === 0

function isOwnGroup(gid: number): boolean {
  return process.getegid?.() === gid || (process.getgroups?.() ?? []).includes(gid)
}

function isCurrent({ uid, gid }: PlannedIdentity): boolean {
  return process.getuid?.() === uid && process.getgid?.() === gid
}

function unknown(
  what: 'user' | 'group',
  { value, source }: { value: string | null; source: ValueSource },
): Fault {
  return {
    code: 'LOCKSTEP_ERR_ACCOUNT_UNKNOWN',
    message: `There is no ${what} ${value} on this system (${source.label}).`,
    hint: `\`getent ${what === 'user' ? 'passwd' : 'group'}\` lists them.`,
    source: source.label,
  }
}

function withoutGroup({ value, source }: { value: string | null; source: ValueSource }): Fault {
  return {
    code: 'LOCKSTEP_ERR_ACCOUNT_UNKNOWN',
    message: `No user has the number ${value} (${source.label}), so that its group is not known.`,
    hint: 'Name the group too, with --group.',
    source: source.label,
  }
}

function groupAlone(source: ValueSource): Fault {
  return {
    code: 'LOCKSTEP_ERR_OPTION_CONFLICT',
    message: `${source.label} has no effect while the process stays root: root bypasses group permissions.`,
    hint: 'Name a user that is not root beside it, with --user.',
    source: source.label,
  }
}

function withoutSocket(source: ValueSource): Fault {
  return {
    code: 'LOCKSTEP_ERR_OPTION_CONFLICT',
    message: `${source.label} would have no effect: no UNIX domain socket is bound by its path.`,
    hint: 'Bind one with --bind unix:PATH, or leave it out. The file of an inherited socket belongs to the program that made it.',
    source: source.label,
  }
}

function notRoot(what: string, source: ValueSource): Fault {
  return {
    code: 'LOCKSTEP_ERR_NOT_ROOT',
    message: `${what} (${source.label}) takes root, and this process is user ${process.geteuid?.()}.`,
    hint: 'Start it as root, or as that user without the option. A service manager can do it: User= in systemd.',
    source: source.label,
  }
}
