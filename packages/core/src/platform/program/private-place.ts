import { randomBytes, randomInt } from 'node:crypto'
import { chownSync, lstatSync, mkdtempSync, rmdirSync, rmSync, unlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { messageOf } from '../../errors/thrown.ts'

/** Where a program is to listen, where nothing but its launcher is to reach it. */
export type PrivatePlace =
  | { readonly kind: 'tcp'; readonly host: '127.0.0.1'; readonly port: number }
  | { readonly kind: 'unix'; readonly path: string }
  | { readonly kind: 'pipe'; readonly path: string }

export interface HeldPlace {
  readonly place: PrivatePlace
  /** Removes its folder. The program must have ended. */
  release(): void
}

/** Below the ports that systems choose for port 0 and for clients: from 49152 on (RFC 6335 section 6), on Linux from 32768 on. */
const [lowestPort, highestPort] = [20_000, 32_767] as const
const tries = 50

/** Of `sun_path`, with the zero byte at its end: 104 on macOS and the BSDs, 108 on Linux (unix(7)). */
const longestPath = 103

/**
 * Finds a place. A port is free now, and on 127.0.0.1: many programs trust forwarded headers from there, and not from ::1. Another program may take it
 * before this one has: so who listens there is looked at later. A socket is in a folder that only this user can enter. On Windows it is a named pipe.
 */
export async function findPrivatePlace(kind: 'port' | 'socket'): Promise<HeldPlace> {
  if (kind === 'port') {
    const { default: getPort } = await import('get-port')
    const host = '127.0.0.1'
    const port = await getPort({
      host,
      port: Array.from({ length: tries }, () => randomInt(lowestPort, highestPort + 1)),
    })
    return { place: { kind: 'tcp', host, port }, release: () => undefined }
  }
  if (process.platform === 'win32') {
    const path = `\\\\.\\pipe\\lockstep-${randomBytes(16).toString('hex')}`
    return { place: { kind: 'pipe', path }, release: () => undefined }
  }
  // mkdtemp(3) makes it with mode 0700.
  const folder = mkdtempSync(join(shortFolder(), 'lockstep-'))
  return {
    place: { kind: 'unix', path: join(folder, 's') },
    release() {
      try {
        rmSync(folder, { recursive: true, force: true })
      } catch {
        // The program may have put something there that this user can't remove. The launcher goes on.
      }
    },
  }
}

/** A folder for sockets that only one user can enter. On Windows, where they are named pipes, it is a random name. */
export interface SocketFolder {
  pathOf(name: string): string
  /** Removes the socket of a process that has ended. Never throws. */
  remove(name: string): void
  /** Removes all. Never throws. */
  release(): void
}

/**
 * Makes it. `owner`: the user that may enter it instead of this one. The names must not be longer than `longestName`. The processes that have their sockets in
 * it may put anything in their place. That is left as it is, and passed to `onLeft` with the reason.
 */
export function makeSocketFolder({
  owner,
  longestName,
  onLeft,
}: {
  owner: { readonly uid: number; readonly gid: number } | null
  longestName: number
  onLeft: (left: { readonly path: string; readonly reason: string }) => void
}): SocketFolder {
  if (process.platform === 'win32') {
    const prefix = `\\\\.\\pipe\\lockstep-${randomBytes(16).toString('hex')}-`
    return { pathOf: (name) => `${prefix}${name}`, remove: () => undefined, release: () => undefined }
  }
  // Folders of root's own may be closed to the other user.
  const parent = owner ? '/tmp' : shortFolder(longestName)
  const folder = mkdtempSync(join(parent, 'lockstep-'))
  if (owner) chownSync(folder, owner.uid, owner.gid)
  const made = lstatSync(folder)
  const names = new Set<string>()
  const attempt = (path: string, run: (path: string) => void): void => {
    try {
      // The other user may have put a link to another folder in its place.
      const now = lstatSync(folder)
      if (now.ino !== made.ino || now.dev !== made.dev) throw new Error('another file is in its place')
      run(path)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') onLeft({ path, reason: messageOf(error) })
    }
  }
  const remove = (name: string): void => {
    names.delete(name)
    // It removes a link itself, and no folder.
    attempt(join(folder, name), unlinkSync)
  }
  return {
    pathOf(name) {
      names.add(name)
      return join(folder, name)
    },
    remove,
    // Nothing but what has these names: root must not walk through a folder of another user.
    release() {
      for (const name of names) remove(name)
      attempt(folder, rmdirSync)
    },
  }
}

/** For a process that lives on without the one that made the folder: removes it when it is empty. */
export function leaveSocketFolder(path: string): void {
  if (process.platform === 'win32') return
  try {
    rmdirSync(dirname(path))
  } catch {
    // Another process has a socket in it, or has removed it.
  }
}

function shortFolder(longestName = 1): string {
  const folder = tmpdir()
  return Buffer.byteLength(join(folder, 'lockstep-XXXXXX', 's'.repeat(longestName))) > longestPath
    ? '/tmp'
    : folder
}
