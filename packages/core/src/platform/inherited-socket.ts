import { fstatSync, readFileSync, readlinkSync } from 'node:fs'

/** Why a descriptor of this process can't be listened on, or `null`. Looks at it, and leaves it open. */
export function problemOfDescriptor(fd: number): string | null {
  try {
    if (!fstatSync(fd).isSocket()) return 'it is no socket'
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EBADF')
      return 'no such descriptor is open in this process'
    throw error
  }
  return findUnixSocket(fd)?.path === null ? 'its UNIX domain socket has no path to be reached by' : null
}

/** The path to which the UNIX domain socket behind a descriptor is bound; `null` where the system does not tell. */
export function pathOfDescriptor(fd: number): string | null {
  return findUnixSocket(fd)?.path ?? null
}

/** proc(5): /proc/net/unix, whose columns end with inode and path. An abstract name begins with `@`. */
function findUnixSocket(fd: number): { readonly path: string | null } | null {
  if (process.platform !== 'linux') return null
  const inode = /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/self/fd/${fd}`))?.[1]
  const row = readFileSync('/proc/net/unix', 'utf8')
    .split('\n')
    .map((line) => /^(?:\S+ +){6}(\d+)(?: (.*))?$/.exec(line))
    .find((match) => match?.[1] === inode)
  if (!row) return null
  return { path: row[2]?.startsWith('/') ? row[2] : null }
}
