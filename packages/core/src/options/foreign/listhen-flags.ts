import { noWatch, ownCertificate, restartsAtChange } from './common-answers.ts'
import { clash, type ForeignFlag, refused, same } from './foreign-flag.ts'

const ofDevelopment = 'Leave it out: it is for development.'
const selfSigned =
  'Lockstep chooses it: `--tls-self-signed` is valid for 90 days and renewed, for all bound hosts.'

/** The flags of listhen 1. */
export const listhenFlags: readonly ForeignFlag[] = [
  refused('--cwd', 'runs the app in this folder', 'Write `--chdir ./app`.'),
  refused('--entry', 'is the file of the app', 'Name the app: `lockstep run app.js`.'),
  same('--name', 'names the server'),
  refused('--baseURL', 'is the path in the URL that is shown', 'Leave it out: the app knows its paths.'),
  refused('--watch', restartsAtChange, noWatch),
  clash('-w', restartsAtChange, `Here \`-w\` is \`--workers\`. ${noWatch}`, { value: /[^\d]/ }),
  refused('--ws', 'accepts WebSockets', 'Leave it out: Lockstep serves what the app accepts.'),
  same('--port', 'listens on this port'),
  same('--host', 'listens on this interface'),
  refused('--clipboard', 'copies the URL', ofDevelopment),
  refused('--open', 'opens a browser', ofDevelopment),
  refused('--https', 'serves HTTPS', ownCertificate),
  refused('--https.cert', 'is the certificate', 'Write `--tls-cert`.'),
  refused('--https.key', 'is the private key', 'Write `--tls-key`.'),
  refused('--https.pfx', 'holds the certificate and its key', 'Write `--tls-pfx`.'),
  refused(
    '--https.passphrase',
    'is the passphrase of the key',
    'Other users can see the command line: write `--tls-passphrase-file`.',
  ),
  refused('--https.validityDays', 'is how long its own certificate is valid', selfSigned),
  refused('--https.domains', 'are the hosts of its own certificate', selfSigned),
  refused('--publicURL', 'is the URL that is shown', ofDevelopment),
  refused('--qr', 'shows a QR code', ofDevelopment),
  refused('--public', 'listens on every interface', 'Write `--host ::`.'),
  refused('--tunnel', 'makes the server public by a tunnel', ofDevelopment),
  refused('-v', 'shows the version', 'Write `-V` or `--version`.'),
  same('--version', 'shows the version'),
  same('-h --help', 'shows the help'),
]
