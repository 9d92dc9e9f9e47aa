import { account } from '../kinds/account-kind.ts'
import { fileMode } from '../kinds/file-mode.ts'
import { path } from '../kinds/kinds.ts'
import { option } from '../option-row.ts'

export const privilegeRows = {
  user: option({
    kind: account('user'),
    default: null,
    flags: ['--user', '-u'],
    group: 'processes',
    summary: 'Run the app as this user, when root starts the server.',
    description:
      'Root binds the addresses and reads the keys. Then the process switches to this user, with its groups, `HOME`, `USER` and `LOGNAME`, and loads the app. Lockstep checks that it cannot become root again. ' +
      'Under `cluster` the workers switch and the primary stays root, so a reload can read a key that only root can read. Under `single` the one process switches for good. A reload then fails if it needs a file that only root can read, and the old certificate stays in use. A PID file or a socket in a folder of root is left, and the next start replaces it. ' +
      'Where only root can create a file that the server writes, root creates it for this user. ' +
      'This user must not be able to change files that root obeys: see docs/security.md. ' +
      'Without root: only your own user.',
    takesEffect: 'start',
    station: 'backend',
  }),
  group: option({
    kind: account('group'),
    default: null,
    flags: ['--group', '-g'],
    group: 'processes',
    summary: 'Run the app as this group. Default: the main group of --user.',
    description: 'The other groups of the user are set too.',
    takesEffect: 'start',
    station: 'backend',
  }),
  umask: option({
    kind: fileMode('the permissions that new files do not get, such as 027'),
    default: null,
    flags: ['--umask'],
    aliases: [{ flag: '-m', of: 'gunicorn' }],
    group: 'processes',
    summary: 'Permissions to remove from every new file, such as logs and sockets.',
    description:
      "Set before anything is written, and inherited by the workers. `launch()` sets it for its whole process and restores the old one when the server has stopped. It is refused while another server in the process needs another umask, and in a worker thread, which can't change it.",
    takesEffect: 'start',
    station: 'launcher',
  }),
  chdir: option({
    kind: path('the path of a folder', 'folders'),
    default: null,
    flags: ['--chdir'],
    group: 'processes',
    summary: 'Run the app in this folder.',
    description:
      'Relative paths of flags, of variables and of `launch()`, that of the app among them, start there. Those in a configuration file or in `.env` start at that file, and these two are looked for where the command was started. `launch()` changes the folder of its whole process, and goes back when the server has stopped. It is refused while another server of the process needs another folder, and in a worker thread, which cannot change it.',
    takesEffect: 'start',
    station: 'launcher',
  }),
}
