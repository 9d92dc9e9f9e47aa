import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { basename } from 'node:path'

/**
 * The process that listens on a TCP port, where the system lets us see it: Linux, by proc(5), for processes of the same user
 * (or all of them for root). `null` when it can't be told.
 */
export function portOwner(port: number): { pid: number; command: string } | null {
  if (process.platform !== 'linux') return null
  const inodes = new Set(['/proc/net/tcp', '/proc/net/tcp6'].flatMap((table) => listeningInodes(table, port)))
  if (inodes.size === 0) return null
  for (const pid of entries('/proc').filter((name) => /^\d+$/.test(name))) {
    const holds = entries(`/proc/${pid}/fd`).some((fd) =>
      inodes.has(/^socket:\[(\d+)\]$/.exec(link(`/proc/${pid}/fd/${fd}`))?.[1] ?? ''),
    )
    if (holds) return { pid: Number(pid), command: programOf(pid) }
  }
  return null
}

/**
 * The program and its script, without its other arguments, which may hold secrets. `comm` names a thread, and Node calls
 * its first one MainThread.
 */
function programOf(pid: string): string {
  const [program = '', script = ''] = text(`/proc/${pid}/cmdline`).split('\0')
  const words = [program, ...(/^[^-].*\.\w+$/.test(script) ? [script] : [])].filter(Boolean)
  return words.map((word) => basename(word)).join(' ') || text(`/proc/${pid}/comm`).trim()
}

/** Columns of the table: number, local address, remote address, state (0A is LISTEN), …, inode as the tenth. */
function listeningInodes(table: string, port: number): string[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  return text(table)
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((columns) => columns[3] === '0A' && columns[1]?.endsWith(suffix))
    .flatMap((columns) => columns[9] ?? [])
}

// Each of these may vanish or be forbidden while we look: then it tells nothing.
function entries(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

function link(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return ''
  }
}

function text(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
