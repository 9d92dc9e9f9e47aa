import { chmodSync, lstatSync, mkdirSync, writeFileSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { userDataFolder, userDataFolderIfAny } from '../accounts/user-data-folder.ts'
import { nodeCrypto } from '../node/node-crypto.ts'

/**
 * Where this user's servers are found: a folder that only this user can enter. The XDG runtime folder, which goes with the login,
 * or else the data folder of the user. Windows has no XDG folders, though programs that come from elsewhere may set the variable. Throws
 * `LOCKSTEP_ERR_NO_HOME` when there is neither.
 */
export function controlFolder(platform: NodeJS.Platform = process.platform): string {
  return runtimeFolder(platform) ?? join(userDataFolder(), 'run')
}

/** The same; `null` when there is neither. */
export function controlFolderIfAny(): string | null {
  const data = userDataFolderIfAny()
  return runtimeFolder(process.platform) ?? (data === null ? null : join(data, 'run'))
}

function runtimeFolder(platform: NodeJS.Platform): string | null {
  const { XDG_RUNTIME_DIR: runtime = '' } = process.env
  return platform !== 'win32' && isAbsolute(runtime) ? join(runtime, 'lockstep') : null
}

/** Makes the folder. Throws when another user owns it or may enter it, because that user could pose as a server. */
export function makeControlFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const found = lstatSync(folder)
  if (!found.isDirectory()) throw new Error(`${folder} is not a folder`)
  // Windows has no such bits; the data folder of a user is closed to others there.
  if (process.platform === 'win32') return
  if (found.uid !== process.getuid?.()) throw new Error(`${folder} belongs to another user`)
  if ((found.mode & 0o077) !== 0) throw new Error(`${folder} is open to other users: chmod 700 ${folder}`)
}

/**
 * What to listen on and to connect to for a file in that folder: the file itself, or on Windows, where no socket is a file, a
 * named pipe whose name follows from it. There the file only says that the pipe exists.
 */
export function controlEndpoint(file: string): string {
  if (process.platform !== 'win32') return file
  return `\\\\.\\pipe\\lockstep-${nodeCrypto().createHash('sha256').update(file.toLowerCase()).digest('hex').slice(0, 32)}`
}

/** To be called once the endpoint is listened on. */
export function publishEndpoint(file: string): void {
  if (process.platform === 'win32') writeFileSync(file, '')
  else chmodSync(file, 0o600)
}
