// `npm run version-packages`: applies the changesets. Each becomes an entry of the change logs, and all packages get their next version.
import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { isMain } from '../is-main.mjs'
import { runPnpm } from '../pnpm.mjs'
import { runTool } from '../run-tool.mjs'
import { ensureInstalled } from '../set-up.mjs'
import { rootFolder } from '../workspace.mjs'

/** Resolves with an exit code. */
export async function versionPackages(root = rootFolder) {
  const exitCode = await runTool('@changesets/cli', 'changeset', ['version'], { cwd: root })
  if (exitCode !== 0) return exitCode
  copyFileSync(join(root, 'packages', 'cli', 'CHANGELOG.md'), join(root, 'CHANGELOG.md'))
  // The lockfile has the exact versions by which the packages name each other.
  return runPnpm(['install', '--lockfile-only'], { cwd: root, quietWhenGood: true })
}

if (isMain(import.meta.url)) {
  await ensureInstalled()
  process.exitCode = await versionPackages()
}
