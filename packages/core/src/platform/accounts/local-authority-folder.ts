import { join } from 'node:path'
import { userDataFolder, userDataFolderIfAny } from './user-data-folder.ts'

/** Where the local CA of this user is kept. Throws `LOCKSTEP_ERR_NO_HOME`. */
export function localAuthorityFolder(): string {
  return join(userDataFolder(), 'local-ca')
}

/** The same; `null` for a user without a home folder, who has none. */
export function localAuthorityFolderIfAny(): string | null {
  const folder = userDataFolderIfAny()
  return folder === null ? null : join(folder, 'local-ca')
}
