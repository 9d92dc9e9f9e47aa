import { toggle } from './kinds.ts'
import { option } from './option-row.ts'

export const tlsReloadRows = {
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
}
