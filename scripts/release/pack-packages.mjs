// Packs the packages as npm publishes them.
import { mkdirSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { runNpm } from '../pnpm.mjs'
import { packageFolders } from '../workspace.mjs'

/** Resolves with an exit code. */
export function packPackages(folder) {
  mkdirSync(folder, { recursive: true })
  return runNpm(['pack', ...packageFolders(), '--pack-destination', folder], { quietWhenGood: true })
}

/** Absolute, since npm takes a relative path such as `out/a.tgz` for a repository. */
export function tarballsIn(folder) {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.tgz'))
    .sort()
    .map((name) => resolve(join(folder, name)))
}
