import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { write } from './certificates.ts'

/** Where Debian keeps the roots that were added. */
export const anchors = '/usr/local/share/ca-certificates'

/** A mount namespace of its own, where this user is root and nothing that is mounted is seen outside. */
const privately =
  process.getuid?.() === 0
    ? ['unshare', '--mount', '--propagation', 'private']
    : ['unshare', '--map-root-user', '--mount', '--propagation', 'private']

/** Commands with copies of the trust store of their own, so that a test changes nothing of this machine. */
export const ownTrustStores = {
  canTry:
    process.platform === 'linux' &&
    existsSync(anchors) &&
    existsSync('/usr/sbin/update-ca-certificates') &&
    spawnSync(privately[0] ?? '', [...privately.slice(1), 'true']).status === 0,

  /** What a command is run through; all with the same folder share the copies. */
  through: (folder: string): string[] => [...privately, 'sh', withOwnStores(folder)],
}

/** Gives every command of the test its own copies of the folders that a trust store consists of. */
function withOwnStores(folder: string): string {
  return write(
    folder,
    'with-own-stores.sh',
    `set -e
for place in /etc/ssl/certs ${anchors}; do
  copy="${folder}/copies$place"
  [ -d "$copy" ] || { mkdir -p "$copy"; cp -dR "$place/." "$copy/"; }
  mount --bind "$copy" "$place"
done
exec "$@"
`,
    0o700,
  )
}
