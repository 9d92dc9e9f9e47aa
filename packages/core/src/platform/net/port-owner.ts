import { fstatSync } from 'node:fs'
import { basename, join } from 'node:path'
import { entriesIfThere, linkIfThere, textIfThere } from '../files/read-if-there.ts'
import { controlFolderIfAny } from './control-endpoint.ts'
import { type PortSocket, socketsOfPort, socketTables } from './sockets-of-port.ts'

export interface PortOwner {
  readonly pid: number
  /** Its program and script. */
  readonly command: string
  /** The process id of the server of Lockstep that it is or belongs to, if the verbs of this user reach that server. */
  readonly server: number | null
  /** `self`: this process. `child`: one that this process has started, or one of its own children. */
  readonly relation: 'self' | 'child' | 'other'
}

/**
 * The process that listens on a TCP port, where the system lets us see it: Linux, by proc(5), for processes of the same user
 * (or all of them for root). Of several, this process, then one that it has started. `null` if it is unknown.
 */
export function portOwner(port: number): PortOwner | null {
  if (process.platform !== 'linux') return null
  const inodes = new Set(socketTables.flatMap((table) => listening(table, port).map(({ inode }) => inode)))
  if (inodes.size === 0) return null
  const owners = entriesIfThere('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) =>
      entriesIfThere(`/proc/${pid}/fd`).some((fd) =>
        inodes.has(/^socket:\[(\d+)\]$/.exec(linkIfThere(`/proc/${pid}/fd/${fd}`))?.[1] ?? ''),
      ),
    )
    .map(
      (pid): PortOwner => ({
        pid: Number(pid),
        command: programOf(pid),
        server: serverOf(Number(pid)),
        relation: relationTo(pid),
      }),
    )
  const closest = (relation: PortOwner['relation']): PortOwner | undefined =>
    owners.find((owner) => owner.relation === relation)
  const isServer = ({ pid, server }: PortOwner): boolean => pid === server
  return closest('self') ?? closest('child') ?? owners.find(isServer) ?? owners[0] ?? null
}

/** A worker, or a program that an app has started, has no control socket of its own: its server is the next ancestor that has one. */
function serverOf(pid: number): number | null {
  const folder = controlFolderIfAny()
  if (folder === null) return null
  // Of this system's sockets, and not the files: a killed server leaves its file, and another process may get its id.
  const sockets = textIfThere('/proc/net/unix')
  for (let process = pid; process > 1; process = parentOf(String(process)))
    if (sockets.includes(` ${join(folder, `${process}-`)}`)) return process
  return null
}

function relationTo(pid: string): PortOwner['relation'] {
  if (Number(pid) === process.pid) return 'self'
  for (let ancestor = parentOf(pid); ancestor > 1; ancestor = parentOf(String(ancestor)))
    if (ancestor === process.pid) return 'child'
  return 'other'
}

/** The fourth field of /proc/PID/stat; the second one is the name, which may hold anything. */
function parentOf(pid: string): number {
  return Number(
    textIfThere(`/proc/${pid}/stat`)
      .replace(/^.*\) /s, '')
      .split(' ')[1] ?? 0,
  )
}

const lockstepScript = /(?:^|\/)lockstep(?:\.js)?$/

/** What follows the program on the command line, unless it is a flag. */
function scriptOf(pid: string): string {
  const [, script = ''] = textIfThere(`/proc/${pid}/cmdline`).split('\0')
  return script.startsWith('-') ? '' : script
}

/**
 * The program and its script, without its other arguments, which may hold secrets. `comm` names a thread, and Node calls
 * its first one MainThread.
 */
function programOf(pid: string): string {
  const [program = ''] = textIfThere(`/proc/${pid}/cmdline`).split('\0')
  const script = scriptOf(pid)
  const isNamed = /\.\w+$/.test(script) || lockstepScript.test(script)
  const words = [program, ...(isNamed ? [script] : [])].filter(Boolean)
  return words.map((word) => basename(word)).join(' ') || textIfThere(`/proc/${pid}/comm`).trim()
}

/**
 * Whether a socket that is not among our own listens on the same port too, and gets connections to the same address. Linux allows that to
 * sockets with SO_REUSEPORT of one user. False where the system does not say.
 */
export function sharesPort(port: number, { own }: { own: readonly number[] }): boolean {
  const inodes = own.map((fd) => String(fstatSync(fd).ino))
  return socketTables.some((table) => {
    const all = listening(table, port)
    const ours = all.filter(({ inode }) => inodes.includes(inode))
    return all.some(
      (other) => !inodes.includes(other.inode) && ours.some((one) => overlap(one.address, other.address)),
    )
  })
}

function overlap(one: string, other: string): boolean {
  const isWildcard = (address: string): boolean => /^0+$/.test(address)
  return one === other || isWildcard(one) || isWildcard(other)
}

const listening = (table: (typeof socketTables)[number], port: number): PortSocket[] =>
  socketsOfPort(table, { port, state: 'listen' })
