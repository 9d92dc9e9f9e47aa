import { chmodSync, chownSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Authority, createAuthority, issueRevocationList } from '@lockstep/certs'
import { beforeAll, describe, it } from 'vitest'
import { type Pair, pairFiles, write } from '../support/certificates.ts'
import { failedLaunch } from '../support/failed-launch.ts'
import { startLockstep } from '../support/lockstep.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { hello, tlsWords } from '../support/tls-words.ts'

const dayMs = 86_400_000
const fromNow = (days: number): Date => new Date(Date.now() + days * dayMs)

let pair: Pair
let encrypted: Pair
let folder: string

beforeAll(async () => {
  folder = temporaryFolder()
  pair = await pairFiles({}, folder)
  encrypted = await pairFiles({ passphrase: 'open sesame' })
})

describe('a TLS file', () => {
  it.each(['cert', 'key'] as const)(
    'that is missing is reported with its absolute path: tls.%s',
    async (half) => {
      const missing = join(folder, 'nowhere.pem')
      await failedLaunch(tlsWords({ ...pair, [half]: 'nowhere.pem' }), {
        cwd: folder,
        code: 'LOCKSTEP_ERR_TLS_FILE_UNREADABLE',
        says: [
          `tls.${half} ${missing} (--tls-${half}) cannot be read: there is no such file.`,
          'Name a file that this user may read.',
        ],
      })
    },
  )

  it.each(['cert', 'key'] as const)('that is a directory is refused: tls.%s', async (half) => {
    await failedLaunch(tlsWords({ ...pair, [half]: folder }), {
      code: 'LOCKSTEP_ERR_TLS_FILE_UNREADABLE',
      says: [`tls.${half} ${folder} (--tls-${half}) cannot be read: it is a directory.`, 'Name a file'],
    })
  })

  it('that this user may not read is refused', async () => {
    const reachable = temporaryFolder()
    chmodSync(reachable, 0o755)
    const cert = write(reachable, 'cert.pem', pair.certPem, 0o644)
    const key = write(reachable, 'key.pem', pair.keyPem, 0o000)
    // Root can read every file, so the test drops root.
    await failedLaunch(tlsWords({ cert, key }), {
      ...(process.getuid?.() === 0 && { uid: 65_534 }),
      code: 'LOCKSTEP_ERR_TLS_FILE_UNREADABLE',
      says: [
        `tls.key ${key} (--tls-key) cannot be read: permission is denied.`,
        'Name a file that this user may read.',
      ],
    })
  })

  it.each([
    { mode: 0o644, shown: '0644' },
    { mode: 0o604, shown: '0604' },
    { mode: 0o660, shown: '0660' },
  ])('that contains the key and is readable by others is refused: mode $shown', async ({ mode, shown }) => {
    const open = await pairFiles()
    chmodSync(open.key, mode)
    await failedLaunch(tlsWords(open), {
      code: 'LOCKSTEP_ERR_TLS_KEY_PERMISSIONS',
      says: [
        `The private key ${open.key} can be read or changed by others on this machine (mode ${shown}).`,
        `chmod 600 ${open.key}`,
        '--tls-key-permissions warn',
        'Set by --tls-key.',
      ],
    })
  })

  it('that contains the passphrase and is readable by others is refused', async () => {
    const passphraseFile = write(folder, 'open-passphrase', 'open sesame\n', 0o644)
    chmodSync(passphraseFile, 0o644)
    await failedLaunch(tlsWords(encrypted, '--tls-passphrase-file', passphraseFile), {
      code: 'LOCKSTEP_ERR_TLS_KEY_PERMISSIONS',
      says: [`The passphrase file ${passphraseFile} can be read or changed by others`],
    })
  })

  it.runIf(process.getuid?.() === 0)(
    'that contains the key and belongs to another user is refused',
    async () => {
      const foreign = await pairFiles()
      chownSync(foreign.key, 65_534, 65_534)
      await failedLaunch(tlsWords(foreign), {
        code: 'LOCKSTEP_ERR_TLS_KEY_PERMISSIONS',
        says: [`The private key ${foreign.key} belongs to another user (uid 65534)`, 'chown'],
      })
    },
  )

  it('that contains the key and is readable by others only causes a warning if the user allows it', async () => {
    const open = await pairFiles()
    chmodSync(open.key, 0o644)
    await using server = await startLockstep([
      ...tlsWords(open),
      '--tls-key-permissions',
      'warn',
      '--port',
      '0',
    ])
    await server.waitFor(
      `The private key ${open.key} can be read or changed by others on this machine (mode 0644). Run \`chmod 600 ${open.key}\``,
    )
  })

  it.each(['cert', 'key'] as const)('that is UTF-16 is refused with how to save it: tls.%s', async (half) => {
    const text = half === 'cert' ? pair.certPem : pair.keyPem
    const file = write(folder, `utf16-${half}.pem`, Buffer.from(`\uFEFF${text}`, 'utf16le'))
    await failedLaunch(tlsWords({ ...pair, [half]: file }), {
      code: 'LOCKSTEP_ERR_TLS_ENCODING',
      says: [`tls.${half} ${file} (--tls-${half}) is saved as UTF-16`, 'Set-Content -Encoding utf8'],
    })
  })

  it('that is empty is refused', async () => {
    const empty = write(folder, 'empty.pem', '')
    await failedLaunch(tlsWords({ cert: empty, key: pair.key }), {
      code: 'LOCKSTEP_ERR_TLS_FILE_UNREADABLE',
      says: [`tls.cert ${empty} (--tls-cert) is empty.`, 'Write the PEM text into it.'],
    })
  })
})

describe('an encrypted key', () => {
  it('needs a passphrase', async () => {
    await failedLaunch(tlsWords(encrypted), {
      code: 'LOCKSTEP_ERR_TLS_KEY_ENCRYPTED',
      says: [
        `tls.key ${encrypted.key} (--tls-key) is encrypted, and no passphrase is given.`,
        'Set --tls-passphrase-file, --tls-passphrase-command or LOCKSTEP_TLS_PASSPHRASE.',
      ],
    })
  })

  it.each([
    {
      source: '--tls-passphrase-file',
      words: () => ['--tls-passphrase-file', write(folder, 'wrong.txt', 'hunter2\n')],
      env: {},
    },
    { source: 'LOCKSTEP_TLS_PASSPHRASE', words: () => [], env: { LOCKSTEP_TLS_PASSPHRASE: 'hunter2' } },
    {
      source: '--tls-passphrase-command',
      words: () => ['--tls-passphrase-command', 'printf hunter; printf 2'],
      env: {},
    },
  ])(
    'is not opened by a wrong passphrase from $source, which is not shown',
    async ({ source, words, env }) => {
      await failedLaunch(tlsWords(encrypted, ...words()), {
        env,
        code: 'LOCKSTEP_ERR_TLS_PASSPHRASE_WRONG',
        says: [
          `The passphrase from ${source} does not open tls.key ${encrypted.key} (--tls-key).`,
          'openssl pkey -in FILE',
        ],
        hides: ['hunter2'],
      })
    },
  )

  it('is not opened if the command for the passphrase fails, and its output is not shown', async () => {
    await failedLaunch(tlsWords(encrypted, '--tls-passphrase-command', 'printf hunter; echo 2; exit 7'), {
      code: 'LOCKSTEP_ERR_TLS_PASSPHRASE_UNAVAILABLE',
      says: [
        "Can't get the passphrase from --tls-passphrase-command: the command ended with exit code 7.",
        'run the command by hand',
      ],
      hides: ['hunter2', 'printf'],
    })
  })

  it('is not opened when the file for the passphrase is missing or empty', async () => {
    const missing = join(folder, 'nowhere.txt')
    await failedLaunch(tlsWords(encrypted, '--tls-passphrase-file', missing), {
      code: 'LOCKSTEP_ERR_TLS_PASSPHRASE_UNAVAILABLE',
      says: [
        `Can't get the passphrase from ${missing} (--tls-passphrase-file): there is no such file.`,
        'Check the file',
      ],
    })
    const empty = write(folder, 'empty.txt', '\n')
    await failedLaunch(tlsWords(encrypted, '--tls-passphrase-file', empty), {
      code: 'LOCKSTEP_ERR_TLS_PASSPHRASE_UNAVAILABLE',
      says: [
        `Can't get the passphrase from ${empty} (--tls-passphrase-file): it is empty.`,
        'Check the file',
      ],
    })
  })

  it('is the only kind that accepts a passphrase', async () => {
    await failedLaunch(tlsWords(pair), {
      env: { LOCKSTEP_TLS_PASSPHRASE: 'hunter2' },
      code: 'LOCKSTEP_ERR_TLS_PASSPHRASE_UNUSED',
      says: [
        `LOCKSTEP_TLS_PASSPHRASE sets a passphrase, but tls.key ${pair.key} (--tls-key) is not encrypted.`,
        'Leave the passphrase out',
      ],
      hides: ['hunter2'],
    })
  })
})

describe('a revocation list', () => {
  it('that is not valid yet is refused with the date', async () => {
    const authority = await createAuthority({ commonName: 'client CA' })
    const crl = await issueRevocationList({ authority, revoked: [], thisUpdate: fromNow(1) })
    const asked = clientsOf(authority.certPem)
    await failedLaunch(tlsWords(pair, ...asked, '--tls-crl', write(folder, 'early.pem', crl)), {
      code: 'LOCKSTEP_ERR_TLS_CRL_NOT_YET_VALID',
      says: [/The revocation list of CN=client CA .* is valid only from \d{4}-/, 'check the clock'],
    })
  })

  it('is needed of each CA if there is one of any', async () => {
    const [one, other] = await Promise.all(
      ['one CA', 'other CA'].map((commonName) => createAuthority({ commonName })),
    )
    const crl = await issueRevocationList({ authority: one as Authority, revoked: [] })
    const asked = clientsOf(`${one?.certPem}${other?.certPem}`)
    await failedLaunch(tlsWords(pair, ...asked, '--tls-crl', write(folder, 'one.pem', crl)), {
      code: 'LOCKSTEP_ERR_TLS_CRL_MISSING',
      says: ['There is no revocation list of CN=other CA', 'Add its list to tls.crl'],
    })
  })

  const clientsOf = (authorities: string): string[] => [
    ...['--tls-client-auth', 'require', '--tls-ca', write(folder, 'clients.pem', authorities)],
  ]
})

it('the key itself is never shown, whatever is wrong with it', async () => {
  const body = readFileSync(pair.key, 'utf8').split('\n')[1] ?? 'no key'
  await failedLaunch(['run', hello, '--tls-cert', pair.cert], {
    env: { LOCKSTEP_TLS_KEY: pair.keyPem.replace('-----END', '!-----END') },
    code: 'LOCKSTEP_ERR_TLS_KEY_INVALID',
    says: [
      'tls.key (LOCKSTEP_TLS_KEY) has a PRIVATE KEY in line 1 that is damaged',
      'Copy the whole file again',
    ],
    hides: [body],
  })
})
