import { backend } from '../kinds/app-kind.ts'
import { oneOf, path, text, toggle, wholeNumberOr } from '../kinds/kinds.ts'
import { option } from '../option-row.ts'

export const processRows = {
  backend: option({
    kind: backend,
    default: 'auto',
    flags: ['--backend'],
    group: 'processes',
    summary: 'Supervise the server with this backend: single, cluster, or auto.',
    description:
      '`single` serves in this process. `cluster` has a primary that binds and supervises, and workers that serve. `auto` is `cluster` for more than one worker and for `workers = auto`, otherwise `single`. The path of a module selects the backend that it exports by default. The choice never changes what another option means.',
    takesEffect: 'start',
    station: 'launcher',
  }),
  workers: option({
    kind: wholeNumberOr('auto', { min: 1, max: 1_024 }),
    default: 1,
    flags: ['--workers', '-w'],
    ambientVariables: ['WEB_CONCURRENCY'],
    group: 'processes',
    summary: 'Number of processes that serve; auto is one per CPU.',
    description:
      '`auto` counts the CPUs that this process may use: those of its affinity, or fewer when its control group limits their time, as in a container. WEB_CONCURRENCY has no effect on an app in memory, which one process serves, because platforms set it for every program. An app that keeps sessions in memory, such as Socket.IO with polling, needs `sticky` with more than one worker.',
    takesEffect: 'start',
    station: 'backend',
  }),
  balance: option({
    kind: oneOf(['auto', 'round-robin', 'shared', 'reuse-port']),
    default: 'auto',
    flags: ['--balance'],
    group: 'processes',
    summary: 'How to spread connections over the workers: round-robin, shared, reuse-port, or auto.',
    description:
      '`round-robin`: the primary accepts and hands connections over. Each worker gets the same number, and short connections cost the most. `shared`: all workers accept from one socket. No connection waits for a busy worker while another is free, but one worker may get most of the connections that stay open. `reuse-port`: each worker has its own socket on the same port, and Linux spreads connections by their addresses. It costs the least, and a few connections may all meet one worker. The primary holds the sockets in every case: a waiting connection survives the end of its worker, and another worker accepts for one that blocks. `auto` is `reuse-port` on Linux and `round-robin` elsewhere. ARCHITECTURE.md has the figures.',
    takesEffect: 'start',
    station: 'backend',
  }),
  sticky: option({
    kind: oneOf(['none', 'cookie', 'address']),
    default: 'none',
    flags: ['--sticky'],
    group: 'processes',
    summary: 'Send all requests of a client to the same worker: by a cookie, by its address, or none.',
    description:
      'For apps that keep sessions in memory, such as Socket.IO with HTTP long-polling. It works with every balance, over HTTP/1.1 and HTTP/2, and for WebSockets: the worker that accepts a request passes it on to the worker that it belongs to. `cookie` sets a session cookie. `address` needs no cookie, but all clients behind one address share a worker, and a client that changes its address changes its worker. Behind a proxy, set `proxy.trusted` for `address`. When a worker ends, its clients go to others. See `docs/sticky.md`.',
    takesEffect: 'start',
    station: 'backend',
  }),
  waitReady: option({
    kind: toggle,
    default: false,
    flags: ['--wait-ready'],
    group: 'processes',
    summary: "Wait for process.send('ready') from the app before it counts as ready.",
    description:
      'For apps that continue to start after they are loaded. Each serving process waits for its own app, at most `timeouts.boot`. Same as `wait_ready` of PM2. See `docs/messages.md`.',
    takesEffect: 'start',
    station: 'backend',
  }),
  shutdownWithMessage: option({
    kind: toggle,
    default: false,
    flags: ['--shutdown-with-message'],
    group: 'processes',
    summary: "Stop the app with the message 'shutdown' instead of a signal.",
    description:
      "For apps that end by `process.on('message')`, as on Windows under PM2, whose `shutdown_with_message` does the same. The message is sent when no request is left. The app then has until `timeouts.graceful` to call `process.exit()`. An app without listeners for messages gets the signal. See `docs/messages.md`.",
    takesEffect: 'start',
    station: 'backend',
  }),
  name: option({
    kind: text('a name for the process list', '<name>'),
    default: null,
    flags: ['--name', '-n'],
    group: 'processes',
    summary: 'Name of the server in the process list and in each log line.',
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
    summary: 'Write the process id of the launcher to this file.',
    description:
      'Written before anything is bound, and removed at the end. The launch is refused when the file names a live process. A file that a dead process left is replaced.',
    takesEffect: 'start',
    station: 'launcher',
  }),
  verify: option({
    kind: toggle,
    default: true,
    flags: ['--verify'],
    group: 'processes',
    summary: 'Probe each bound address as a client before announcing the server.',
    description:
      'A difference between what is served and what you asked for stops the launch. When this is off, the banner says that nothing was verified.',
    takesEffect: 'start',
    station: 'launcher',
  }),
  control: option({
    kind: toggle,
    default: null,
    flags: ['--control'],
    group: 'processes',
    summary: 'Let `lockstep status`, `reload` and `stop` reach the server. On for `lockstep run`.',
    description:
      "By a socket that only this user can open, in `$XDG_RUNTIME_DIR/lockstep` or else in the user's data folder. On Windows it is a named pipe, and a file in the user's data folder (`%LOCALAPPDATA%\\lockstep\\Data\\run`) names it. Unset, it is on for `lockstep run`, unless the socket can't be made, as on a read-only system, and off for `launch()`. If set and the socket can't be created, the start fails.",
    takesEffect: 'start',
    station: 'launcher',
  }),
}
