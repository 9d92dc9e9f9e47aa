import { existsSync, lstatSync, mkdirSync, readdirSync, realpathSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, isAbsolute, join, relative } from 'node:path'

/** The modules of an app are in the cache too, under their paths: releases in new folders would fill the disk. Large apps have thousands. */
const mostFiles = 20_000

/**
 * Lets Node keep what it has compiled for the next start of the command (`module.enableCompileCache()`), in a folder of this user. Node
 * runs what it finds there, so no other user may write to the folder, or replace it. Where that is not certain, and wherever the folder
 * cannot be made, there is no cache. Node's own variables decide first, and with NODE_V8_COVERAGE a cache would make the counts wrong.
 */
export function useCompileCache(): void {
  const { NODE_COMPILE_CACHE, NODE_DISABLE_COMPILE_CACHE, NODE_V8_COVERAGE } = process.env
  if (NODE_COMPILE_CACHE || NODE_DISABLE_COMPILE_CACHE || NODE_V8_COVERAGE) return
  const uid = process.geteuid?.()
  if (uid === undefined) return // Windows has no owners and permissions that could be looked at here.
  try {
    const wanted = cacheFolder()
    const existing = existingPart(wanted)
    // Without links, so that what is checked is what Node uses.
    const folder = join(realpathSync(existing), relative(existing, wanted))
    // Nothing is created where another user could replace it.
    if (!isGuarded(realpathSync(existing), uid)) return
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    if (!isPrivate(folder, uid)) return
    if (fileCount(folder) > mostFiles) empty(folder)
    process.getBuiltinModule('node:module').enableCompileCache(folder)
  } catch {
    // Without a home, or on a disk that is read-only or full: the command only starts slower.
  }
}

function cacheFolder(): string {
  const given = process.env['XDG_CACHE_HOME']
  const caches = process.platform === 'darwin' ? 'Library/Caches' : '.cache'
  const base = given && isAbsolute(given) ? given : join(homedir(), caches)
  if (!isAbsolute(base)) throw new Error('there is no home folder')
  return join(base, 'lockstep', 'compile-cache')
}

function existingPart(path: string): string {
  return existsSync(path) || path === dirname(path) ? path : existingPart(dirname(path))
}

/** Node has a folder for each of its versions, with the files in it. With `recursive`, this would take a third of the time of a start. */
function fileCount(folder: string): number {
  return readdirSync(folder, { withFileTypes: true }).reduce(
    (sum, entry) => sum + (entry.isDirectory() ? readdirSync(join(folder, entry.name)).length : 1),
    0,
  )
}

function empty(folder: string): void {
  for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true, force: true })
}

/** Node does not care for the modes of what it makes inside, so others must not get in. */
function isPrivate(folder: string, uid: number): boolean {
  const { uid: owner, mode } = lstatSync(folder)
  return owner === uid && (mode & 0o077) === 0 && isGuarded(folder, uid)
}

const [writableByOthers, sticky] = [0o022, 0o1000]

/** Whether only this user and root can change what is at a path. In a sticky folder such as /tmp, only its owner can replace an entry. */
function isGuarded(path: string, uid: number): boolean {
  const isSafe = (each: string): boolean => {
    const { uid: owner, mode } = lstatSync(each)
    const isShared = (mode & writableByOthers) !== 0 && ((mode & sticky) === 0 || each === path)
    return !isShared && (owner === uid || owner === 0)
  }
  const areSafe = (each: string): boolean =>
    isSafe(each) && (each === dirname(each) || areSafe(dirname(each)))
  return areSafe(path)
}
