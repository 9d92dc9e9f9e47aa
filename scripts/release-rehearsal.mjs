// `npm run release-rehearsal`: what the release workflow does, up to the point where npm would publish. `-- --out FOLDER` keeps the
// tarballs, and `-- --no-build` packs what was built before.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { buildPackages } from './build.mjs'
import { checkManifests, checkTarballs } from './check-packages.mjs'
import { startEmptyRegistry } from './release/empty-registry.mjs'
import { packPackages } from './release/pack-packages.mjs'
import { publishTarballs } from './release/publish-tarballs.mjs'
import { rehearseVersion } from './release/rehearse-version.mjs'
import { ensureInstalled } from './set-up.mjs'
import { createStepList } from './step-list.mjs'

const { values } = parseArgs({ options: { out: { type: 'string' }, 'no-build': { type: 'boolean' } } })
const temporary = mkdtempSync(join(tmpdir(), 'lockstep-release-'))
const folder = values.out ?? temporary
const steps = createStepList()

async function publishNothing() {
  const registry = await startEmptyRegistry()
  try {
    return await publishTarballs(folder, { dryRun: true, env: registry.env })
  } finally {
    registry.close()
  }
}

async function rehearse() {
  if (!values['no-build'] && !(await steps.run('build', buildPackages))) return
  await steps.run('manifests', checkManifests)
  await steps.run('version', rehearseVersion)
  if (!(await steps.run('pack', () => packPackages(folder)))) return
  await steps.run('tarballs', () => checkTarballs(folder))
  await steps.run('publish (dry run)', publishNothing)
}

try {
  if (await steps.run('set-up', ensureInstalled)) await rehearse()
} finally {
  rmSync(temporary, { recursive: true, force: true })
}
steps.printSummary()
process.exitCode = steps.allGood() ? 0 : 1
