// Whether Wine can be set up and used on this machine at all.

import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

/** Returns the reason why not, as the end of "not run, because …", or `undefined`. */
export function findObstacle() {
  if (process.platform !== 'linux' || process.arch !== 'x64') return 'Wine is set up on Linux x64 only'
  if (process.getuid() !== 0) return 'Wine is set up and entered by root only'
  if (!existsSync('/usr/bin/apt-get')) return 'Wine is installed by means of Debian'
  return namespaceObstacle()
}

/** A container may forbid what root may do on a machine. */
function namespaceObstacle() {
  const script = [
    'mount -t tmpfs tmpfs /mnt',
    'mkdir /mnt/upper /mnt/work /mnt/root',
    'mount -t overlay overlay -o lowerdir=/etc,upperdir=/mnt/upper,workdir=/mnt/work /mnt/root',
  ].join(' && ')
  const args = ['--mount', '--pid', '--fork', '--propagation', 'private', '--', 'sh', '-c', script]
  const { status, error, stderr } = spawnSync('unshare', args, { encoding: 'utf8' })
  if (status === 0) return undefined
  const detail = error?.message ?? stderr.trim().split('\n').at(-1)
  return `mounts in a private namespace are not allowed here (${detail})`
}
