import { noWatch, restartsAtChange } from './common-answers.ts'
import { clash, type ForeignFlag, refused, same } from './foreign-flag.ts'

const debugging =
  'Set it in the variable `NODE_OPTIONS`. docs/debugging.md says which process gets which port.'
const otherUse = 'Run `node` for that: it does not serve an app.'

/** Flags of Node that have an answer of their own. All others that NODE_OPTIONS allows belong there. */
export const nodeFlags: readonly ForeignFlag[] = [
  same('--import', 'loads this module first'),
  same('-r --require', 'loads this module first'),
  refused('--watch', restartsAtChange, noWatch),
  refused('--watch-path', 'watches this folder', noWatch),
  refused('--watch-preserve-output', 'keeps what is on the screen', noWatch),
  refused('--watch-kill-signal', 'stops the app by this signal', noWatch),
  refused('--inspect', 'lets a debugger connect', debugging),
  refused('--inspect-brk', 'waits for a debugger before the first line', debugging),
  refused('--inspect-wait', 'waits for a debugger', debugging),
  refused('--inspect-port --debug-port', 'is the port for the debugger', debugging),
  refused(
    '--enable-source-maps',
    'shows lines of the source in stacks',
    'Set `NODE_OPTIONS=--enable-source-maps`: docs/debugging.md.',
  ),
  refused(
    '--env-file --env-file-if-exists',
    'reads variables from this file',
    'Write `--dotenv production.env`.',
  ),
  refused('--max-http-header-size', 'limits the headers of a request', 'Write `--limit-header-bytes`.'),
  refused(
    '--tls-min-v1.0 --tls-min-v1.1 --tls-min-v1.2 --tls-min-v1.3',
    'is the lowest TLS version',
    'Write `--tls-min-version`. Lockstep does not serve TLS 1.0 and 1.1.',
  ),
  refused('--tls-max-v1.2 --tls-max-v1.3', 'is the highest TLS version', 'Write `--tls-max-version`.'),
  refused(
    '--tls-cipher-list',
    'lists the ciphers',
    'Write `--tls-ciphers`, and `--tls-ciphersuites` for TLS 1.3.',
  ),
  same('--tls-keylog', 'writes the secrets of TLS connections'),
  refused(
    '--insecure-http-parser',
    'accepts requests that break RFC 9112',
    'Lockstep refuses it in NODE_OPTIONS too: a proxy in front may read such a request differently.',
  ),
  refused('--security-revert', 'undoes a security fix', 'Lockstep refuses it in NODE_OPTIONS too.'),
  refused('--title', 'is the title of the process', 'Write `--name`.'),
  refused(
    '--conditions -C',
    'is a condition for the exports of packages',
    'Set it in the variable `NODE_OPTIONS`.',
  ),
  refused('--test', 'runs tests', otherUse),
  refused('-e --eval', 'runs this code', otherUse, { value: /[( ]/ }),
  refused('--print', 'runs this code and prints the result', otherUse),
  clash('-p', 'runs this code and prints the result', 'Here `-p` is `--port`.', { value: /[( ]/ }),
  refused('-i --interactive', 'opens a prompt', otherUse),
  refused('--check', 'checks the syntax', 'Run `lockstep check app.js`.'),
  clash('-c', 'checks the syntax', 'Here `-c` is `--config`. Run `lockstep check app.js`.'),
  refused(
    '--run',
    'runs a script of package.json',
    'Write `lockstep run .`: it serves what `scripts.start` starts.',
  ),
  refused('-v', 'shows the version', 'Write `-V` or `--version`.'),
  same('--version', 'shows the version'),
  same('-h --help', 'shows the help'),
]
