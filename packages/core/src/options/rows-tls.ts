import { oneOf, path, text, toggle, wholeNumberOr } from './kinds.ts'
import { option } from './option-row.ts'
import { passphrase } from './passphrase-kind.ts'
import { pemList } from './pem-list.ts'
import { maybePassphrase } from './pem-path.ts'
import { pfxFile } from './pfx-kind.ts'

const versions = oneOf(['TLSv1.2', 'TLSv1.3'], {
  '1.2': 'TLSv1.2',
  '1.3': 'TLSv1.3',
  tlsv1_2: 'TLSv1.2',
  tlsv1_3: 'TLSv1.3',
})

/** Python's `ssl.CERT_NONE`, `CERT_OPTIONAL` and `CERT_REQUIRED`, as Gunicorn and Uvicorn take them. */
const certReqs: Readonly<Record<string, string>> = { 0: 'none', 1: 'request', 2: 'require' }
const fromCertReqs = (given: string): string => certReqs[given] ?? given

export const tlsRows = {
  'tls.cert': option({
    kind: pemList('a certificate chain'),
    default: null,
    flags: ['--tls-cert', '--cert'],
    aliases: [
      { flag: '--certfile', of: 'gunicorn' },
      { flag: '--ssl-certfile', of: 'uvicorn' },
      { flag: '--ssl-cert-file-path', of: 'langflow' },
    ],
    group: 'tls',
    summary: 'The certificate chain, leaf first, as PEM. Switches TLS on.',
    description:
      'A path, PEM text, or (in the API) bytes. The leaf comes first and each next certificate has issued the one before (RFC 8446 section 4.4.2). Needs `tls.key`. Several chains, one for each type of key (RSA and ECDSA), make a list: repeat the flag, or write paths with commas between; each client gets the one that it can verify.',
    takesEffect: 'reload',
    station: 'serve',
  }),
  'tls.key': option({
    kind: pemList('a private key'),
    default: null,
    flags: ['--tls-key', '--key'],
    aliases: [
      { flag: '--keyfile', of: 'gunicorn' },
      { flag: '--ssl-keyfile', of: 'uvicorn' },
      { flag: '--ssl-key-file-path', of: 'langflow' },
    ],
    group: 'tls',
    summary: 'The private key of the certificate, as PEM.',
    description:
      'A path, PEM text, or (in the API) bytes. PEM text is not taken on the command line, where every user of the machine would see it; a variable with it is deleted before the app is loaded. For several certificates a list, in any order: each key finds its certificate. Keep its file at 0600; see `tls.keyPermissions`.',
    takesEffect: 'reload',
    isSecret: true,
    station: 'serve',
  }),
  'tls.pfx': option({
    kind: pfxFile,
    default: null,
    flags: ['--tls-pfx'],
    group: 'tls',
    summary: 'A PKCS#12 file (.pfx, .p12) with the chain and its key, in place of both.',
    description:
      'Opened with the passphrase, if it has one. All keys and certificates in it are used; what could not be used is refused. Files that are encrypted with RC2 or RC4, as `openssl pkcs12 -legacy` writes them, are refused: OpenSSL 3 has retired these.',
    takesEffect: 'reload',
    isSecret: true,
    station: 'serve',
  }),
  'tls.passphrase': option({
    kind: passphrase,
    default: null,
    flags: [],
    refusedFlags: [
      '--tls-passphrase',
      '--passphrase',
      '--tls-key-passphrase',
      '--ssl-keyfile-password',
      '--keyfile-password',
      '--ssl-key-password',
    ],
    group: 'tls',
    summary: 'The passphrase of an encrypted private key. Never a flag.',
    description:
      'From `LOCKSTEP_TLS_PASSPHRASE`, an environment file or the API, where it may also be a function that gives it, or a promise of it; that is called once at the start and once at each reload. One passphrase opens all keys. On the command line it would be visible to every user of the machine, so it is refused there. Workers do not inherit the variable.',
    takesEffect: 'reload',
    isSecret: true,
    station: 'serve',
  }),
  'tls.passphraseFile': option({
    kind: {
      ...path('the path of a file that holds the passphrase'),
      format: (file) => (maybePassphrase(file) ? '(not shown: it may be the passphrase)' : file),
    },
    default: null,
    flags: ['--tls-passphrase-file'],
    group: 'tls',
    summary: 'A file that holds the passphrase.',
    description: 'One line break at the end is left out.',
    takesEffect: 'reload',
    station: 'serve',
  }),
  'tls.passphraseCommand': option({
    kind: { ...text('a command that prints the passphrase', '<command>'), format: () => '(hidden)' },
    default: null,
    flags: ['--tls-passphrase-command'],
    group: 'tls',
    summary: 'A command that prints the passphrase.',
    description:
      'Run once by the shell before anything is bound, within ten seconds. A program in the current folder needs its path, on Windows `.\\` before its name. One line break at the end of its output is left out. The command is not shown anywhere, because it may hold a secret, but every user of the machine sees it while it runs: let it read the passphrase from a place of its own.',
    takesEffect: 'reload',
    isSecret: true,
    station: 'serve',
  }),
  'tls.keyPermissions': option({
    kind: oneOf(['enforce', 'warn']),
    default: 'enforce',
    flags: ['--tls-key-permissions'],
    group: 'tls',
    summary: 'Whether a key file that others can get at refuses the launch.',
    description:
      "PostgreSQL's rule, for each file that a private key or a passphrase comes from, `.env` and the configuration file among them: owned by this user and 0600 or stricter, or owned by root and 0640 or stricter. Folders and symbolic links on the way have the same owners and are closed to others; docs/security.md has the rule. `warn` only says so, for volumes that come with modes of their own. On Windows, where files have no mode bits, nothing is checked, and the option is refused.",
    takesEffect: 'reload',
    station: 'launcher',
  }),
  'tls.expiryWarningDays': option({
    kind: wholeNumberOr('auto', { min: 0, max: 365 }),
    default: 'auto',
    flags: ['--tls-expiry-warning-days'],
    group: 'tls',
    summary: 'From how many days before its end a certificate is warned of.',
    description:
      '`auto` is the last fifth of its lifetime, 14 days at most: programs that renew by themselves do so in the last third, so that something has gone wrong by then. Told at the start, at each reload, and each day; `lockstep status` shows it too. 0 tells only of one that has run out. A certificate that has run out refuses the launch in any case; one that runs out while it is served is served on.',
    takesEffect: 'reload',
    station: 'launcher',
  }),
  'tls.ca': option({
    kind: pemList('the CA certificates that client certificates must chain to'),
    default: null,
    flags: ['--tls-ca', '--ca'],
    aliases: [
      { flag: '--ca-certs', of: 'gunicorn' },
      { flag: '--ssl-ca-certs', of: 'uvicorn' },
    ],
    group: 'tls',
    summary: 'The CA certificates that client certificates must chain to, as PEM.',
    description:
      'Only for client certificates: needs `tls.clientAuth`. Several add up. The public roots are never a fallback.',
    takesEffect: 'reload',
    station: 'serve',
  }),
  'tls.clientAuth': option({
    kind: oneOf(['none', 'request', 'require']),
    default: 'none',
    flags: ['--tls-client-auth'],
    aliases: [
      { flag: '--cert-reqs', of: 'gunicorn', translate: fromCertReqs },
      { flag: '--ssl-cert-reqs', of: 'uvicorn', translate: fromCertReqs },
    ],
    group: 'tls',
    summary: 'Whether clients must show a certificate.',
    description:
      '`request` asks and serves everyone, and the app asks `clientCertificate(request)` of this package who the client is, which is `null` for one without a good certificate; `require` ends the handshake of a client without a good certificate.',
    takesEffect: 'reload',
    station: 'serve',
  }),
  'tls.minVersion': option({
    kind: versions,
    default: null,
    flags: ['--tls-min-version'],
    group: 'tls',
    summary: 'The lowest TLS version that is spoken.',
    description: 'Unset, that of `tls.profile`. TLS 1.0 and 1.1 are not offered (RFC 8996).',
    takesEffect: 'reload',
    station: 'serve',
  }),
  'tls.maxVersion': option({
    kind: versions,
    default: 'TLSv1.3',
    flags: ['--tls-max-version'],
    group: 'tls',
    summary: 'The highest TLS version that is spoken.',
    description: 'Only for clients that fail on TLS 1.3.',
    takesEffect: 'reload',
    station: 'serve',
  }),
  'tls.ciphers': option({
    kind: text('OpenSSL names of TLS 1.2 ciphers, with colons between', '<list>'),
    default: null,
    flags: ['--tls-ciphers'],
    aliases: [
      { flag: '--ciphers', of: 'gunicorn' },
      { flag: '--ssl-ciphers', of: 'uvicorn' },
    ],
    group: 'tls',
    summary: 'The ciphers of TLS 1.2, in order of preference.',
    description:
      "OpenSSL's names, with colons between. Unset, it is the list of `tls.profile`. A name that OpenSSL does not know is an error, not skipped.",
    takesEffect: 'reload',
    station: 'serve',
  }),
  'tls.ciphersuites': option({
    kind: text('names of TLS 1.3 cipher suites, with colons between', '<list>'),
    default: null,
    flags: ['--tls-ciphersuites'],
    group: 'tls',
    summary: 'The cipher suites of TLS 1.3, in order of preference.',
    description:
      'Such as `TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256`. Unset, it is the three of RFC 8446 that every client has.',
    takesEffect: 'reload',
    station: 'serve',
  }),
  'tls.selfSigned': option({
    kind: toggle,
    default: false,
    flags: ['--tls-self-signed'],
    group: 'tls',
    summary: 'Make a certificate of our own on first use, for development.',
    description:
      'Issued by a local CA in the data folder of the user, which `lockstep cert trust` makes known to this machine. Valid for 90 days, for localhost, the loopback addresses and the bound hosts, kept, and made anew when a third of that is left, also while the server runs. With a bound host that may be public the certificate signs itself, as the local CA may not name such hosts. See docs/certificates.md.',
    takesEffect: 'reload',
    station: 'serve',
  }),
}
