import { noWatch, restartsAtChange } from './common-answers.ts'
import { clash, type ForeignFlag, refused, same } from './foreign-flag.ts'

const ofNodemon = 'Leave it out: it is about nodemon itself.'

/** The flags of nodemon 3. */
export const nodemonFlags: readonly ForeignFlag[] = [
  refused('--watch', restartsAtChange, noWatch),
  clash('-w', 'watches this folder or file', `Here \`-w\` is \`--workers\`. ${noWatch}`, { value: /[^\d]/ }),
  refused('-i --ignore', 'does not watch these files', noWatch),
  refused('-e --ext', 'watches files with these endings', noWatch, { value: /^[\w,]+$/ }),
  refused('-d --delay', 'waits this long after a change', noWatch),
  refused('-L --legacy-watch', 'looks at the files from time to time', noWatch),
  refused('-P --polling-interval', 'is the time between two looks', noWatch),
  refused('-C --on-change-only', 'waits for the first change', noWatch),
  refused('-x --exec', 'starts this program', 'Write `lockstep exec -- PROGRAM ARGUMENTS`.'),
  refused(
    '-s --signal',
    'stops the app by this signal',
    'The app gets the signal that stops Lockstep. `--stop-signal` is for programs that `lockstep exec` starts.',
  ),
  refused('--cwd', 'runs the app in this folder', 'Write `--chdir ./app`.'),
  refused('-q --quiet', 'writes less', 'Write `--log-level error`.'),
  refused('--verbose', 'writes more', 'Write `--log-level debug`.'),
  clash('-V', 'writes more', 'Here `-V` shows the version. Write `--log-level debug`.'),
  clash('--config', 'is the file nodemon.json', 'Here it is the configuration file of Lockstep.'),
  refused(
    '-I --no-stdin',
    'leaves the standard input to the app',
    'Leave it out: Lockstep does not read the standard input.',
  ),
  refused(
    '--exitcrash',
    'ends when the app crashes',
    'The first start fails when the app does. Later, a worker that dies is replaced.',
  ),
  refused('--spawn', 'starts the app in another way', ofNodemon),
  refused('--dump', 'shows the configuration', 'Run `lockstep plan app.js`.'),
  refused('--js', 'has no effect', ofNodemon),
  refused(
    '--no-update-notifier',
    'does not look for updates',
    'Leave it out: Lockstep does not look for updates.',
  ),
  refused(
    '--no-colours --no-colors',
    'shows no colours',
    'Write `--no-color`, or set the variable `NO_COLOR=1`.',
  ),
  refused('-v', 'shows the version', 'Write `-V` or `--version`.'),
  same('--version', 'shows the version'),
  same('-h --help', 'shows the help'),
]
