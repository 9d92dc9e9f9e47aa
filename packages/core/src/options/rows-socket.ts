import { account } from './account-kind.ts'
import { fileMode } from './file-mode.ts'
import { option } from './option-row.ts'

export const socketRows = {
  'socket.mode': option({
    kind: fileMode('the permissions of a socket, such as 660'),
    default: null,
    flags: ['--socket-mode'],
    group: 'binding',
    summary: 'The permissions of each UNIX domain socket that is bound.',
    description:
      'Who may write may connect (on Linux). The socket gets its place only once mode and owner are right, so that nobody else can connect before. Unset, the umask decides.',
    takesEffect: 'start',
    station: 'backend',
  }),
  'socket.owner': option({
    kind: account('user'),
    default: null,
    flags: ['--socket-owner'],
    group: 'binding',
    summary: 'Who owns each UNIX domain socket that is bound.',
    description: 'Only root can give a file away. Unset, it is `user`, or else whoever starts the server.',
    takesEffect: 'start',
    station: 'backend',
  }),
  'socket.group': option({
    kind: account('group'),
    default: null,
    flags: ['--socket-group'],
    group: 'binding',
    summary: 'The group of each UNIX domain socket that is bound.',
    description:
      'For a proxy that runs as another user: its group, with `socket.mode` 660. One who is not root can name a group of his own. Unset, it is the group of `user`, or else that of whoever starts the server.',
    takesEffect: 'start',
    station: 'backend',
  }),
}
