// The Node that the project runs under. The user's own Node (20 or newer) only gets the set-up going;
// the tests and the launcher need a newer one, which the `node` dependency brings along.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { rootFolder } from './workspace.mjs'

export function pinnedNode() {
  const name = process.platform === 'win32' ? 'node.exe' : 'node'
  const file = join(rootFolder, 'node_modules', 'node', 'bin', name)
  if (!existsSync(file)) {
    throw new Error(`The pinned Node is missing: ${file}\nDelete node_modules and try again.`)
  }
  return file
}
