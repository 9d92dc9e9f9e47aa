import { account } from '../kinds/account-kind.ts'
import { fileMode } from '../kinds/file-mode.ts'
import { option } from '../option-row.ts'

export const socketRows = {
  'socket.mode': option({
    kind: fileMode('the permissions of a socket, such as 660'),
    default: null,
    flags: ['--socket-mode'],
    group: 'binding',
    summary: 'Permissions of each UNIX domain socket.',
    description:
      'On Linux, a client needs permission to write. The socket appears at its path only when mode and owner are set, so that no other client can connect before. Unset, the umask decides.',
    takesEffect: 'start',
    station: 'backend',
  }),
  'socket.owner': option({
    kind: account('user'),
    default: null,
    flags: ['--socket-owner'],
    group: 'binding',
    summary: 'Owner of each UNIX domain socket.',
    description:
      'Only root can change an owner. Unset, it is `user`, or else the user that starts the server.',
    takesEffect: 'start',
    station: 'backend',
  }),
  'socket.group': option({
    kind: account('group'),
    default: null,
    flags: ['--socket-group'],
    group: 'binding',
    summary: 'Group of each UNIX domain socket.',
    description:
      'For a proxy that runs as another user: its group, with `socket.mode` 660. Without root: only your own groups. Unset, it is the group of `user`, or else of the user that starts the server.',
    takesEffect: 'start',
    station: 'backend',
  }),
}
