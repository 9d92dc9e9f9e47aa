import { existsSync } from 'node:fs'
import { delimiter, isAbsolute, join, win32 } from 'node:path'

/** For tests: the platform, and the environment of this process. */
interface Surroundings {
  readonly platform?: NodeJS.Platform
  readonly environment?: Readonly<Record<string, string | undefined>>
}

/**
 * The absolute path of a program of the system; `null` when it is not installed. Never one of the current folder, where another user
 * may have put a program of that name: Windows looks there first (https://nvd.nist.gov/vuln/detail/CVE-2023-40590), and a PATH with `.` or an
 * empty part does on other systems. On Windows only its own folder of programs counts.
 */
export function findProgram(name: string, surroundings: Surroundings = {}): string | null {
  const { platform = process.platform } = surroundings
  if (platform === 'win32') {
    const path = systemProgram(name, surroundings)
    return existsSync(path) ? path : null
  }
  // Programs for root are in folders that the PATH of many users does not include.
  return firstIn([...safeFolders(surroundings), '/usr/sbin', '/sbin'], name)
}

/** The absolute path of a program that a user has installed, by PATH alone; `null` when there is none. */
export function findOnPath(name: string, surroundings: Surroundings = {}): string | null {
  const { platform = process.platform } = surroundings
  return firstIn(safeFolders(surroundings), platform === 'win32' ? `${name}.exe` : name)
}

/** A program that comes with Windows, by its name without `.exe`. */
export function systemProgram(name: string, { environment = process.env }: Surroundings = {}): string {
  const root = environment['SystemRoot'] ?? environment['windir'] ?? ''
  return win32.join(win32.isAbsolute(root) ? root : 'C:\\Windows', 'System32', `${name}.exe`)
}

/** The PATH without what means the current folder, for a program that starts others. Never empty: that would mean the current folder too. */
export function safeSearchPath(surroundings: Surroundings = {}): string {
  return safeFolders(surroundings).join(delimiter) || '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin'
}

function firstIn(folders: readonly string[], name: string): string | null {
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path)) ?? null
}

function safeFolders({ environment = process.env }: Surroundings): string[] {
  return (environment['PATH'] ?? '').split(delimiter).filter(isAbsolute)
}
