import { join } from 'node:path'
import { userDataFolder } from './user-data-folder.ts'

/** Where the local CA of this user is kept. */
export function localAuthorityFolder(): string {
  return join(userDataFolder(), 'local-ca')
}
