import { fstatSync, readFileSync, readlinkSync } from 'node:fs'
import { codeOf } from '../../errors/thrown.ts'

/** Why a descriptor of this process can't be listened on, or `null`. Looks at it, and leaves it open. */
export function problemOfDescriptor(fd: number): string | null {
  try {
    if (!fstatSync(fd).isSocket()) return 'it is not a socket'
  } catch (error) {
    if (codeOf(error) === 'EBADF') return 'no such descriptor is open in this process'
    throw error
  }
  // Elsewhere the system reports nothing about a socket; listening on it then fails by itself.
  if (process.platform !== 'linux') return null
  const inode = inodeOf(fd)
  const unix = unixRow(inode)
  if ([...rowsOf('udp'), ...rowsOf('udp6')].some((row) => row[9] === inode) || unix?.[4] === '0002')
    return 'it is a datagram socket'
  const state = [...rowsOf('tcp'), ...rowsOf('tcp6')].find((row) => row[9] === inode)?.[3]
  if ((state !== undefined && state !== tcpListens) || unix?.[5] === unixConnected)
    return 'it is one connection, as with Accept=yes of a socket unit'
  return unix && pathIn(unix) === null ? 'its UNIX domain socket has no path to be reached by' : null
}

/** The path to which the UNIX domain socket behind a descriptor is bound; `null` if the system does not report it. */
export function pathOfDescriptor(fd: number): string | null {
  const row = process.platform === 'linux' ? unixRow(inodeOf(fd)) : undefined
  return row ? pathIn(row) : null
}

/** Remembers the sockets behind some descriptors, since another file may have the same number once a socket is closed. */
export function rememberSockets(descriptors: readonly number[]): {
  /** Whether each of them is still open. */
  areOpen(): boolean
} {
  const remembered = descriptors.map((fd) => ({ fd, identity: identityOf(fd) }))
  return { areOpen: () => remembered.every(({ fd, identity }) => identityOf(fd) === identity) }
}

/** `null` when no file is open under that number. */
function identityOf(fd: number): string | null {
  try {
    const { dev, ino } = fstatSync(fd)
    return `${dev}:${ino}`
  } catch (error) {
    if (codeOf(error) === 'EBADF') return null
    throw error
  }
}

/** TCP_LISTEN of the kernel's net/tcp_states.h, and SS_CONNECTED of its linux/net.h, in hexadecimal digits. */
const [tcpListens, unixConnected] = ['0A', '03'] as const

/** Empty without /proc: then the socket is in no table that is looked at. */
function inodeOf(fd: number): string {
  try {
    return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/self/fd/${fd}`))?.[1] ?? ''
  } catch {
    return ''
  }
}

/** Num, RefCount, Protocol, Flags, Type, St, Inode, Path. */
function unixRow(inode: string): string[] | undefined {
  return rowsOf('unix').find((row) => row[6] === inode)
}

/** An abstract name begins with `@`, and a path may have spaces. */
function pathIn(row: readonly string[]): string | null {
  const path = row.slice(7).join(' ')
  return path.startsWith('/') ? path : null
}

/** proc(5): /proc/net, a socket a line. Without IPv6 there is no file for it. */
function rowsOf(table: 'tcp' | 'tcp6' | 'udp' | 'udp6' | 'unix'): string[][] {
  try {
    return readFileSync(`/proc/net/${table}`, 'utf8')
      .split('\n')
      .map((line) => line.trim().split(/ +/))
  } catch {
    return []
  }
}
