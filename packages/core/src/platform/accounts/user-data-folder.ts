import { homedir, userInfo } from 'node:os'
import { isAbsolute, join } from 'node:path'
import { LaunchError } from '../../errors/launch-error.ts'

/**
 * Where this user's data of Lockstep is kept: the XDG data folder, `~/Library/Application Support`, or `%LOCALAPPDATA%`. Absolute. Throws
 * `LOCKSTEP_ERR_NO_HOME` for a user without a home folder. It is looked up when it is needed and not before: most launches keep nothing.
 */
export function userDataFolder(): string {
  const folder = userDataFolderIfAny()
  if (folder === null) throw noHome()
  return folder
}

/** The same; `null` for a user without a home folder. */
export function userDataFolderIfAny(): string | null {
  if (process.platform === 'win32') {
    const local = process.env['LOCALAPPDATA'] || below(homeFolder(), 'AppData', 'Local')
    return below(local, 'lockstep', 'Data')
  }
  if (process.platform === 'darwin') return below(homeFolder(), 'Library', 'Application Support', 'lockstep')
  const { XDG_DATA_HOME: data = '' } = process.env
  // XDG Base Directory Specification: a relative path is invalid and ignored.
  return below(isAbsolute(data) ? data : below(homeFolder(), '.local', 'share'), 'lockstep')
}

/** The home folder of this user. Absolute; `null` when neither the environment nor the system names one, as in a container with any user id. */
export function homeFolder(): string | null {
  return absolute(homedir) ?? absolute(() => userInfo().homedir)
}

/** Both ways throw for a user id that the system does not know. */
function absolute(read: () => string): string | null {
  try {
    const folder = read()
    return isAbsolute(folder) ? folder : null
  } catch {
    return null
  }
}

function below(folder: string | null, ...names: readonly string[]): string | null {
  return folder === null ? null : join(folder, ...names)
}

function noHome(): LaunchError {
  const user = process.getuid ? `user ${process.getuid()}` : 'this user'
  return new LaunchError({
    code: 'LOCKSTEP_ERR_NO_HOME',
    message: `There is no home folder for ${user}: HOME is not set, and the system knows no such user.`,
    hint: `Set ${process.platform === 'win32' ? 'LOCALAPPDATA' : 'HOME or XDG_DATA_HOME'} to a folder that this user may write to.`,
  })
}
