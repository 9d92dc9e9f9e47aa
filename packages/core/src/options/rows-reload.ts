import { toggle } from './kinds.ts'
import { option } from './option-row.ts'

export const reloadRows = {
  'tls.watch': option({
    kind: toggle,
    default: true,
    flags: ['--tls-watch'],
    group: 'tls',
    summary: 'Reload when the content of a certificate, key, CA or passphrase file changes.',
    description:
      'Files that are replaced are seen, and so are links that lead elsewhere, as those of Certbot and of a secret that Kubernetes mounts. Touching a file does nothing. A pair of which one half is new is refused and tried again at the next change. Where the system tells of no changes (network filesystems), the files are looked at every ten seconds.',
    takesEffect: 'reload',
    station: 'launcher',
  }),
  control: option({
    kind: toggle,
    default: null,
    flags: ['--control'],
    group: 'processes',
    summary: 'Whether `lockstep status`, `reload` and `stop` can reach the server.',
    description:
      "By a socket (a named pipe on Windows) that only this user can open, in `$XDG_RUNTIME_DIR/lockstep` or else in the user's data folder. Unset, it is on for `lockstep run`, unless the socket can't be made, as on a read-only system, and off for `launch()`. Asked for and not to be had, it refuses the launch.",
    takesEffect: 'start',
    station: 'launcher',
  }),
}
