import { resolve } from 'node:path'
import { z } from 'zod'
import { isBytes } from '../../platform/node/is-bytes.ts'
import type { Kind } from '../kinds/kind.ts'
import { oneOf, path, pemList, text, toggle, wholeNumberOr } from '../kinds/kinds.ts'
import { passphrase } from '../kinds/tls/passphrase-kind.ts'
import { maybePassphrase } from '../kinds/tls/pem-path.ts'
import { option } from '../option-row.ts'

const versions = oneOf(['TLSv1.2', 'TLSv1.3'], {
  '1.2': 'TLSv1.2',
  '1.3': 'TLSv1.3',
  tlsv1_2: 'TLSv1.2',
  tlsv1_3: 'TLSv1.3',
})

/** Python's `ssl.CERT_NONE`, `CERT_OPTIONAL` and `CERT_REQUIRED`, as Gunicorn and Uvicorn take them. */
const certReqs: Readonly<Record<string, string>> = { 0: 'none', 1: 'request', 2: 'require' }
const fromCertReqs = (given: string): string => certReqs[given] ?? given

/** A PKCS#12 file: its path, or, in the API alone, its bytes. */
const pfxFile: Kind<string | Uint8Array, string | Uint8Array> = {
  placeholder: '<path>',
  expects: 'the path of a PKCS#12 file, or (in the API) its bytes',
  schema: z.union([z.string().min(1), z.custom<Uint8Array>(isBytes)]),
  fromText: (given) => given,
  completes: 'files',
  anchor: (value, directory) => (typeof value === 'string' ? resolve(directory, value) : value),
  inputType: 'string | Uint8Array',
  jsonSchema: { type: 'string', minLength: 1 },
}

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
    summary: 'Certificate chain, leaf first, as PEM. Switches TLS on.',
    description:
      'A path, PEM text, or (in the API) bytes. The leaf comes first, and each certificate is followed by the one that issued it (RFC 8446 section 4.4.2). Needs `tls.key`. For several chains, one for each type of key (RSA and ECDSA), give a list: repeat the flag, or separate paths by commas. Each client gets the chain that it can verify.',
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
    summary: 'Private key of the certificate, as PEM.',
    description:
      'A path, PEM text, or (in the API) bytes. PEM text is refused on the command line, where every user of the machine could see it. A variable that contains it is deleted before the app is loaded. For several certificates, give a list in any order: each key finds its certificate. Keep its file at mode 0600; see `tls.keyPermissions`.',
    takesEffect: 'reload',
    isSecret: true,
    station: 'serve',
  }),
  'tls.pfx': option({
    kind: pfxFile,
    default: null,
    flags: ['--tls-pfx'],
    group: 'tls',
    summary: 'PKCS#12 file (.pfx, .p12) with the chain and its key, instead of --tls-cert and --tls-key.',
    description:
      'Opened with the passphrase, if it has one. All keys and certificates in it are used, or the file is refused. A file that is encrypted with RC2 or RC4, as `openssl pkcs12 -legacy` writes it, is refused: OpenSSL 3 has retired these.',
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
    summary: 'Passphrase of an encrypted private key. Never a flag.',
    description:
      'From `LOCKSTEP_TLS_PASSPHRASE`, an environment file or the API. In the API it may also be a function that returns it, or a promise of it; it is called once at the start and once at each reload. One passphrase opens all keys. It is refused on the command line, which every user of the machine can see. Workers do not inherit the variable.',
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
    summary: 'File that contains the passphrase of the private key.',
    description: 'One line break at the end is left out.',
    takesEffect: 'reload',
    station: 'serve',
  }),
  'tls.passphraseCommand': option({
    kind: { ...text('a command that prints the passphrase', '<command>'), format: () => '(hidden)' },
    default: null,
    flags: ['--tls-passphrase-command'],
    group: 'tls',
    summary: 'Command that prints the passphrase of the private key.',
    description:
      'The shell runs it once before anything is bound, for at most ten seconds. A program in the current folder needs its path, on Windows `.\\` before its name. One line break at the end of its output is left out. Lockstep never shows the command, because it may contain a secret. But every user of the machine can see it while it runs, so let it read the passphrase from a protected place.',
    takesEffect: 'reload',
    isSecret: true,
    station: 'serve',
  }),
  'tls.keyPermissions': option({
    kind: oneOf(['enforce', 'warn']),
    default: 'enforce',
    flags: ['--tls-key-permissions'],
    group: 'tls',
    summary: 'What to do when other users can read the private key: refuse the start, or warn.',
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
    summary: 'Warn this many days before a certificate expires.',
    description:
      '`auto` is the last fifth of its lifetime, at most 14 days. Programs that renew do so in the last third, so by then something has gone wrong. The warning comes at the start, at each reload, and once a day; `lockstep status` shows it too. 0 warns only of a certificate that has expired. An expired certificate stops the start; one that expires later stays in use.',
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
    summary: 'CA certificates that may issue client certificates, as PEM.',
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
      '`request` asks for a certificate and serves every client. The app calls `clientCertificate(request)` of this package, which returns `null` for a client without a good certificate. `require` ends the handshake of a client without a good certificate.',
    takesEffect: 'reload',
    station: 'serve',
  }),
  'tls.minVersion': option({
    kind: versions,
    default: null,
    flags: ['--tls-min-version'],
    group: 'tls',
    summary: 'Lowest TLS version to serve. TLS 1.0 and 1.1 are not supported.',
    description: 'Unset, that of `tls.profile`. RFC 8996 forbids TLS 1.0 and 1.1.',
    takesEffect: 'reload',
    station: 'serve',
  }),
  'tls.maxVersion': option({
    kind: versions,
    default: 'TLSv1.3',
    flags: ['--tls-max-version'],
    group: 'tls',
    summary: 'Highest TLS version to serve.',
    description: 'Only for clients that fail on TLS 1.3.',
    takesEffect: 'reload',
    station: 'serve',
  }),
  'tls.ciphers': option({
    kind: text('OpenSSL names of TLS 1.2 ciphers, separated by colons', '<list>'),
    default: null,
    flags: ['--tls-ciphers'],
    aliases: [
      { flag: '--ciphers', of: 'gunicorn' },
      { flag: '--ssl-ciphers', of: 'uvicorn' },
    ],
    group: 'tls',
    summary: 'Ciphers of TLS 1.2, in order of preference.',
    description:
      "OpenSSL's names, separated by colons. Unset, it is the list of `tls.profile`. A name that OpenSSL does not know is an error. It is not skipped.",
    takesEffect: 'reload',
    station: 'serve',
  }),
  'tls.ciphersuites': option({
    kind: text('names of TLS 1.3 cipher suites, separated by colons', '<list>'),
    default: null,
    flags: ['--tls-ciphersuites'],
    group: 'tls',
    summary: 'Cipher suites of TLS 1.3, in order of preference.',
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
    summary: 'Make a certificate on first use, for development.',
    description:
      'Issued by a local CA in the data folder of the user; `lockstep cert trust` makes this machine trust it. Valid for 90 days, for localhost, the loopback addresses and the bound hosts. It is kept, and replaced when a third of that time is left, also while the server runs. With a bound host that may be public, the certificate signs itself, because the local CA may not name such hosts. See docs/certificates.md.',
    takesEffect: 'reload',
    station: 'serve',
  }),
}
