import { backend } from './app-kind.ts'
import { oneOf, path, text, toggle, wholeNumberOr } from './kinds.ts'
import { option } from './option-row.ts'

export const processRows = {
  backend: option({
    kind: backend,
    default: 'auto',
    flags: ['--backend'],
    group: 'processes',
    summary: 'Who supervises the server: single, cluster, or auto.',
    description:
      '`single` serves in this process. `cluster` has a primary that binds and supervises, and workers that serve. `auto` takes `cluster` for more than one worker and `single` else. ' +
      'The path of a module takes the backend that it exports by default. The choice never changes what another option means.',
    takesEffect: 'start',
    station: 'launcher',
  }),
  workers: option({
    kind: wholeNumberOr('auto', { min: 1, max: 1_024 }),
    default: 1,
    flags: ['--workers', '-w'],
    ambientVariables: ['WEB_CONCURRENCY'],
    group: 'processes',
    summary: 'How many processes serve; auto is one per CPU.',
    description:
      '`auto` counts the CPUs that this process may use: those of its affinity, or fewer if its control group limits their time, as a container does. WEB_CONCURRENCY does not count for an app in memory, which one process serves: platforms set it for every program.',
    takesEffect: 'start',
    station: 'backend',
  }),
  balance: option({
    kind: oneOf(['auto', 'round-robin', 'shared', 'reuse-port']),
    default: 'auto',
    flags: ['--balance'],
    group: 'processes',
    summary: 'How connections reach the workers: round-robin, shared, reuse-port, or auto.',
    description:
      'Under `round-robin` the primary accepts and hands over: each worker gets as many as the others, and short connections cost the most. Under `shared` all workers accept from one socket: none waits for a busy worker while another one is free, but one may get most of the connections that are kept. Under `reuse-port` each worker has a socket of its own on the same port, and Linux spreads connections over them by their addresses: it costs the least, and a few connections may meet the same worker. ' +
      'The primary holds the sockets in any case, so that no connection which waits is lost when a worker dies or is replaced, and another worker accepts for one that is blocked. `auto` is `reuse-port` on Linux and `round-robin` elsewhere; ARCHITECTURE.md has the figures.',
    takesEffect: 'start',
    station: 'backend',
  }),
  waitReady: option({
    kind: toggle,
    default: false,
    flags: ['--wait-ready'],
    group: 'processes',
    summary: "Wait until the app calls process.send('ready') before it counts as ready.",
    description:
      'For apps that go on with their start after they are loaded. Each process that serves waits for its own app, `timeouts.boot` at the longest. `wait_ready` of PM2 means the same. See `docs/messages.md`.',
    takesEffect: 'start',
    station: 'backend',
  }),
  shutdownWithMessage: option({
    kind: toggle,
    default: false,
    flags: ['--shutdown-with-message'],
    group: 'processes',
    summary: "Send the app the message 'shutdown' instead of a signal when it stops.",
    description:
      "For apps that end by `process.on('message')`, as on Windows under PM2, whose `shutdown_with_message` means the same. It comes when the requests are over, and the app then has until `timeouts.graceful` to call `process.exit()`. An app without listeners for messages gets the signal. See `docs/messages.md`.",
    takesEffect: 'start',
    station: 'backend',
  }),
  name: option({
    kind: text('a name for the process list', '<name>'),
    default: null,
    flags: ['--name', '-n'],
    group: 'processes',
    summary: 'The name of the server in the process list and in each log line.',
    description:
      'The primary shows as `NAME: primary`, a worker as `NAME: worker 1`. Unset, the process titles stay as they are. On Windows the process list has no titles; the name is in log lines and in `lockstep ps` there.',
    takesEffect: 'start',
    station: 'backend',
  }),
  pidFile: option({
    kind: path('the path of a file that Lockstep may write'),
    default: null,
    flags: ['--pid-file'],
    aliases: [
      { flag: '--pid', of: 'gunicorn' },
      { flag: '--pidfile', of: 'node' },
    ],
    group: 'processes',
    summary: 'Where to write the process id of the launcher.',
    description:
      'Written before anything is bound, removed at the end. A file that names a live process refuses the launch; one that a dead process left is replaced.',
    takesEffect: 'start',
    station: 'launcher',
  }),
  verify: option({
    kind: toggle,
    default: true,
    flags: ['--verify'],
    group: 'processes',
    summary: 'Probe each bound address as a client before the server is announced.',
    description:
      'A difference between what is served and what was asked stops the launch. Switched off, the banner says that nothing was verified.',
    takesEffect: 'start',
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
