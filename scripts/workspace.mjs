// Where things are in this workspace. Node built-ins only: this runs before anything is installed.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const rootFolder = dirname(dirname(fileURLToPath(import.meta.url)))

export function readJson(file) {
  return JSON.parse(readFileSync(file, 'utf8'))
}

/** The folders of the packages that are published, in a stable order. */
export function packageFolders(root = rootFolder) {
  const packages = join(root, 'packages')
  return readdirSync(packages)
    .sort()
    .map((name) => join(packages, name))
    .filter((folder) => existsSync(join(folder, 'package.json')))
}

/** The pinned pnpm as `pnpm@<version>`, without the hash that such a field may carry. */
export function pinnedPnpm() {
  const { packageManager } = readJson(join(rootFolder, 'package.json'))
  return packageManager.split('+')[0]
}
