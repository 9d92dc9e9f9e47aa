// Publishes the tarballs of a folder with provenance, then sets the tags of the release: `publish-tarballs.mjs FOLDER`. The release
// workflow runs it; elsewhere npm refuses, because only a workflow can prove where a package was built.
import { isMain } from '../is-main.mjs'
import { runNpm } from '../pnpm.mjs'
import { runTool } from '../run-tool.mjs'
import { tarballsIn } from './pack-packages.mjs'
import { readTarball } from './tarball-rules.mjs'

/** Resolves with an exit code, that of the first package that fails. What is published already is left alone, so it can run again. */
export async function publishTarballs(folder, { dryRun = false, env } = {}) {
  const tarballs = tarballsIn(folder).map((file) => ({ file, ...readTarball(file).manifest }))
  if (tarballs.length === 0) throw new Error(`No tarballs in ${folder}`)
  for (const { file, name, version } of inOrderOfNeed(tarballs)) {
    if (await isPublished(`${name}@${version}`, env)) {
      console.log(`${name} ${version}: published already`)
      continue
    }
    const args = ['publish', file, '--provenance', '--access', 'public', ...(dryRun ? ['--dry-run'] : [])]
    const exitCode = await runNpm(args, { env, quietWhenGood: true })
    if (exitCode !== 0) return exitCode
    console.log(`${name} ${version}: ${dryRun ? 'would be published' : 'published'}`)
  }
  return 0
}

/** Each after the ones that it depends on, so that no user gets a package whose dependencies don't exist yet. */
export function inOrderOfNeed(packages) {
  const ordered = []
  const add = (one) => {
    if (ordered.includes(one)) return
    for (const name of Object.keys(one.dependencies ?? {})) {
      const needed = packages.find((other) => other.name === name)
      if (needed) add(needed)
    }
    ordered.push(one)
  }
  packages.forEach(add)
  return ordered
}

async function isPublished(spec, env) {
  return (await runNpm(['view', spec, 'version'], { env, silent: true })) === 0
}

if (isMain(import.meta.url)) {
  const [folder] = process.argv.slice(2)
  if (folder === undefined) throw new Error('Missing argument: the folder with the tarballs')
  process.exitCode = await publishTarballs(folder)
  // The changesets action pushes these tags and makes the releases of the repository from them.
  if (process.exitCode === 0) process.exitCode = await runTool('@changesets/cli', 'changeset', ['git-tag'])
}
