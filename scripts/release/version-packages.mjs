// `npm run version-packages`: applies the changesets. Each becomes an entry of the change logs, and all packages get their next version.
import { copyFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isMain } from '../is-main.mjs'
import { runPnpm } from '../pnpm.mjs'
import { runTool } from '../run-tool.mjs'
import { ensureInstalled } from '../set-up.mjs'
import { packageFolders, readJson, rootFolder } from '../workspace.mjs'

/** Resolves with an exit code. */
export async function versionPackages(root = rootFolder) {
  const restorePeers = hidePeers(root)
  const exitCode = await runTool('@changesets/cli', 'changeset', ['version'], { cwd: root }).finally(
    restorePeers,
  )
  if (exitCode !== 0) return exitCode
  copyFileSync(join(root, 'packages', 'cli', 'CHANGELOG.md'), join(root, 'CHANGELOG.md'))
  // The lockfile has the exact versions by which the packages name each other.
  return runPnpm(['install', '--lockfile-only'], { cwd: root, quietWhenGood: true })
}

/**
 * Changesets raises the major version of a package whose peer leaves its range, and an exact version always leaves it. Here all packages
 * get the same version anyway. So their peers are put back afterwards, at the new version.
 */
function hidePeers(root) {
  const files = packageFolders(root).map((folder) => join(folder, 'package.json'))
  const before = files.map((file) => ({ file, manifest: readJson(file) }))
  const names = new Set(before.map(({ manifest }) => manifest.name))
  for (const { file, manifest } of before) {
    const { peerDependencies: _, ...others } = manifest
    writeJson(file, others)
  }
  return () => {
    for (const { file, manifest } of before) {
      const after = readJson(file)
      const peers = Object.entries(manifest.peerDependencies ?? {}).map(([name, range]) => [
        name,
        names.has(name) ? after.version : range,
      ])
      // In the order of before.
      const fields = Object.keys(manifest).map((key) => [
        key,
        key === 'peerDependencies' ? Object.fromEntries(peers) : after[key],
      ])
      writeJson(file, Object.fromEntries(fields))
    }
  }
}

function writeJson(file, value) {
  writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`)
}

if (isMain(import.meta.url)) {
  await ensureInstalled()
  process.exitCode = await versionPackages()
}
