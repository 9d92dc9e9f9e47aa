// `npm run pack`: builds the packages, packs them as npm publishes them into `.packages/`, and prints how another folder installs them.
// `-- --no-build` packs what was built before, and `-- --out FOLDER` puts them elsewhere.
import { rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { buildPackages } from './build.mjs'
import { packPackages, tarballsIn } from './release/pack-packages.mjs'
import { ensureInstalled } from './set-up.mjs'
import { rootFolder } from './workspace.mjs'

const { values } = parseArgs({ options: { out: { type: 'string' }, 'no-build': { type: 'boolean' } } })
const folder = resolve(values.out ?? join(rootFolder, '.packages'))

async function pack() {
  if (!values['no-build']) {
    await ensureInstalled()
    const buildExitCode = await buildPackages()
    if (buildExitCode !== 0) return buildExitCode
  }
  // An earlier version would be installed too.
  if (!values.out) rmSync(folder, { recursive: true, force: true })
  const exitCode = await packPackages(folder)
  if (exitCode !== 0) return exitCode
  const words = tarballsIn(folder).map((path) => (/^[\w@%+=:,./\\-]+$/.test(path) ? path : `"${path}"`))
  console.log(`\nIn a folder of your own, this installs them:\n\nnpm install ${words.join(' ')}`)
  return 0
}

process.exitCode = await pack()
