import { duration } from '../kinds/duration.ts'
import { oneOf, text } from '../kinds/kinds.ts'
import { setVariables } from '../kinds/set-variables.ts'
import { urlPath } from '../kinds/url-path.ts'
import { option } from '../option-row.ts'

/** What concerns a program that Lockstep starts and serves in front of. */
export const upstreamRows = {
  'upstream.setEnv': option({
    kind: setVariables,
    default: null,
    flags: ['--set-env'],
    group: 'upstream',
    summary: 'Set this environment variable for the program. May be given several times.',
    description:
      'For a program that reads its port from a variable of its own: `--set-env N8N_PORT={port}`. `{port}`, `{host}` and `{socket}` are replaced as in the arguments of the program. The variable takes the place of one that Lockstep has inherited or sets itself, such as `PORT`. Other users of the machine can see the command line, so write secrets into the configuration file or into the variable.',
    takesEffect: 'start',
    isSecret: true,
    station: 'backend',
  }),
  'upstream.readyPath': option({
    kind: urlPath,
    default: null,
    flags: ['--upstream-ready-path'],
    group: 'upstream',
    summary: 'Wait until the program answers this path with 2xx or 3xx.',
    description:
      'Unset, the program counts as ready once it accepts a connection, or once it has written `upstream.readyOutput`. At most `timeouts.boot`.',
    takesEffect: 'start',
    station: 'backend',
  }),
  'upstream.readyOutput': option({
    kind: text('a text that a line of the output contains', '<text>'),
    default: null,
    flags: ['--upstream-ready-output'],
    group: 'upstream',
    summary: "Wait until a line of the program's output contains this text.",
    description:
      'Standard output and standard error both count. The program must accept connections then. Together with `upstream.readyPath`, both must hold.',
    takesEffect: 'start',
    station: 'backend',
  }),
  'upstream.stopSignal': option({
    kind: oneOf(['SIGTERM', 'SIGINT', 'SIGQUIT', 'SIGHUP', 'SIGUSR1', 'SIGUSR2', 'SIGWINCH']),
    default: 'SIGTERM',
    flags: ['--stop-signal'],
    group: 'upstream',
    summary: 'Signal that asks the program to end.',
    description:
      "After `timeouts.graceful` its whole process tree is killed. On Windows the program gets Ctrl-C instead, in a console of its own, and a signal can't be chosen.",
    takesEffect: 'start',
    station: 'backend',
  }),
  'upstream.connectTimeout': option({
    kind: duration(),
    default: '5s',
    flags: ['--connect-timeout'],
    group: 'upstream',
    summary: 'Time for a connection to the program.',
    description: 'After that the client gets 504.',
    takesEffect: 'start',
    station: 'backend',
  }),
  'upstream.responseTimeout': option({
    kind: duration({ zero: 'means no limit' }),
    default: '5m',
    flags: ['--response-timeout'],
    group: 'upstream',
    summary: 'Time the program may take to begin its response.',
    description:
      'It counts from the end of the request. After that the client gets 504. A response that has begun has no limit, so event streams and long downloads continue.',
    takesEffect: 'start',
    station: 'backend',
  }),
}
