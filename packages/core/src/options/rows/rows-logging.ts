import { oneOf, pathOrDash } from '../kinds/kinds.ts'
import { option } from '../option-row.ts'

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
    summary: 'Log messages of this level and above.',
    description:
      'The log goes to standard error. Each line names the process that wrote it. The banner and the access log do not depend on this option.',
    takesEffect: 'start',
    station: 'launcher',
  }),
  'log.format': option({
    kind: oneOf(['auto', 'pretty', 'json']),
    default: 'auto',
    flags: ['--log-format'],
    group: 'logging',
    summary: 'Format of the log.',
    description:
      '`pretty` is for people, `json` is one object per line. `auto` is `pretty` on a terminal and `json` elsewhere. If you set `json`, the banner is a line of JSON too.',
    takesEffect: 'start',
    station: 'launcher',
  }),
  'accessLog.file': option({
    kind: pathOrDash('the path of a file, or - for standard output'),
    default: null,
    flags: ['--access-log'],
    aliases: [{ flag: '--access-logfile', of: 'gunicorn' }],
    group: 'logging',
    summary: 'Log each request to this file; - is standard output.',
    description: 'Unset, requests are not logged. Files are appended to.',
    takesEffect: 'start',
    station: 'serve',
  }),
  'accessLog.format': option({
    kind: oneOf(['combined', 'json']),
    default: 'combined',
    flags: ['--access-log-format'],
    group: 'logging',
    summary: 'Format of the access log.',
    description:
      '`combined` is the format of Apache and nginx. `json` is one object per line, with the worker, the duration and the TLS version. Control characters and quotes from the client are escaped.',
    takesEffect: 'start',
    station: 'serve',
  }),
}
