import { oneOf, pathOrDash } from './kinds.ts'
import { option } from './option-row.ts'

export const loggingRows = {
  'log.level': option({
    kind: oneOf(['silent', 'error', 'warn', 'info', 'debug'], {
      critical: 'error',
      warning: 'warn',
      trace: 'debug',
    }),
    default: 'info',
    flags: ['--log-level'],
    group: 'logging',
    summary: 'What is logged at least.',
    description:
      'The log goes to standard error, each line with the process that wrote it. Neither the banner nor the access log depends on it.',
    takesEffect: 'start',
    station: 'launcher',
  }),
  'log.format': option({
    kind: oneOf(['auto', 'pretty', 'json']),
    default: 'auto',
    flags: ['--log-format'],
    group: 'logging',
    summary: 'How the log is written.',
    description:
      '`pretty` is for people, `json` is one object a line. `auto` is `pretty` on a terminal and `json` elsewhere. Set to `json`, the banner is a line of JSON too.',
    takesEffect: 'start',
    station: 'launcher',
  }),
  'accessLog.file': option({
    kind: pathOrDash('the path of a file, or - for standard output'),
    default: null,
    flags: ['--access-log'],
    aliases: [{ flag: '--access-logfile', of: 'gunicorn' }],
    group: 'logging',
    summary: 'Where each request is logged; - is standard output.',
    description: 'Unset, requests are not logged. Files are appended to.',
    takesEffect: 'start',
    station: 'serve',
  }),
  'accessLog.format': option({
    kind: oneOf(['combined', 'json']),
    default: 'combined',
    flags: ['--access-log-format'],
    group: 'logging',
    summary: 'How a request is logged.',
    description:
      '`combined` is the format of Apache and nginx. `json` is one object a line, with the worker, the duration and the TLS version besides. Control characters and quotes of the client are escaped.',
    takesEffect: 'start',
    station: 'serve',
  }),
}
