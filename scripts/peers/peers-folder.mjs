import { join } from 'node:path'
import { rootFolder } from '../workspace.mjs'

/** Where everything is installed that doesn't come from the system. Git ignores it; deleting it starts over. */
export const peersFolder = join(rootFolder, '.peers')

/** Where the pins are. */
export const pinsFolder = join(rootFolder, 'scripts', 'peers')
