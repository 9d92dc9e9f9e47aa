import { toggle } from '../kinds/kinds.ts'
import { option } from '../option-row.ts'

export const tlsReloadRows = {
  'tls.watch': option({
    kind: toggle,
    default: true,
    flags: ['--tls-watch'],
    group: 'tls',
    summary: 'Reload when the content of a certificate, key, CA or passphrase file changes.',
    description:
      'It sees files that are replaced, and symbolic links that point elsewhere, as with Certbot and with secrets that Kubernetes mounts. Touching a file has no effect. A pair of which only one half is new is refused, and tried again at the next change. Where the system reports no changes (network filesystems), the files are read every ten seconds.',
    takesEffect: 'reload',
    station: 'launcher',
  }),
}
