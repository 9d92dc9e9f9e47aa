// Folders that are kept between runs. One that has its name is complete: it is made beside its place and moved there at the end.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { basename, dirname, join } from 'node:path'

export const cacheFolder = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'lockstep')

/** `make` fills the folder that it is given. A process that is slower than another one uses what that one has made. */
export async function makeOnce(folder, make) {
  if (existsSync(folder)) return
  const making = ownFolder(`${folder}.making`)
  try {
    await make(making)
    moveTo(folder, making)
  } finally {
    removeFolder(making)
  }
}

/** A new folder `<path>-<process id>-…` of this process. Those of processes that were killed are removed on the way. */
export function ownFolder(path) {
  mkdirSync(dirname(path), { recursive: true })
  for (const name of readdirSync(dirname(path))) {
    const [, owner] = name.startsWith(`${basename(path)}-`) ? (/-(\d+)-\w{6}$/.exec(name) ?? []) : []
    if (owner !== undefined && !existsSync(`/proc/${owner}`)) removeFolder(join(dirname(path), name))
  }
  return mkdtempSync(`${path}-${process.pid}-`)
}

/** Never goes into a mount. All mounts of ours are in namespaces of their own, so there is none, unless a person made it. */
export function removeFolder(folder) {
  const mounted = readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[4] ?? '')
    .find((place) => place === folder || place.startsWith(`${folder}/`))
  if (mounted) throw new Error(`${folder} is not removed, because something is mounted on ${mounted}.`)
  rmSync(folder, { recursive: true, force: true })
}

function moveTo(folder, made) {
  try {
    renameSync(made, folder)
  } catch (error) {
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error
  }
}
