import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { write } from './certificates.ts'

/** The folder where Debian keeps added roots. */
export const anchors = '/usr/local/share/ca-certificates'

/** A separate mount namespace, where this user is root and whose mounts are not visible outside. */
const privately =
  process.getuid?.() === 0
    ? ['unshare', '--mount', '--propagation', 'private']
    : ['unshare', '--map-root-user', '--mount', '--propagation', 'private']

/** Runs commands with their own copies of the trust store, so that a test does not change this machine. */
export const ownTrustStores = {
  canTry:
    process.platform === 'linux' &&
    existsSync(anchors) &&
    existsSync('/usr/sbin/update-ca-certificates') &&
    spawnSync(privately[0] ?? '', [...privately.slice(1), 'true']).status === 0,

  /** The prefix to run a command with. Commands with the same folder share the copies. */
  through: (folder: string): string[] => [...privately, 'sh', withOwnStores(folder)],
}

/** Provides every command of the test with its own copies of the folders of a trust store. */
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
