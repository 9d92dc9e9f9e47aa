// The peers that npm has. They don't belong to the workspace, because only the benchmarks use them.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { rootFolder } from '../../scripts/workspace.mjs'
import { hasProgram } from './programs.mjs'

const folder = join(rootFolder, 'bench/peers')
const installWithinMs = 180_000

export const peerModules = join(folder, 'node_modules')

/** The version that the lock file has. */
export function peerVersion(name) {
  return JSON.parse(lockOf(folder)).packages[`node_modules/${name}`].version
}

let reason
/** Why they cannot be had here, or null. Installs them when that is due. */
export function missingPeers() {
  reason ??= installed() ? null : install()
  return reason
}

// A copy of the lock file says what was installed. The file's times don't, because a checkout changes them.
const stamp = join(peerModules, '.installed-from.json')

function installed() {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === lockOf(folder)
}

function install() {
  if (!hasProgram('npm')) return "npm can't be started here"
  console.log('  installing the peers that npm has …')
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', '--prefix', folder]
  const { status, error, stderr } = spawnSync('npm', args, {
    cwd: folder,
    encoding: 'utf8',
    timeout: installWithinMs,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  if (status !== 0)
    return `npm could not install it: ${error?.message ?? stderr.trim().split('\n')[0] ?? 'it does not say why'}`
  writeFileSync(stamp, lockOf(folder))
  return null
}

function lockOf(parent) {
  return readFileSync(join(parent, 'package-lock.json'), 'utf8')
}
