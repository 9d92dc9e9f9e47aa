import { chmodSync, chownSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Authority, createAuthority, issueCertificate, issueRevocationList } from '@lockstep/certs'
import { defineLauncher, launch } from 'lockstep'
import { beforeAll, describe, expect, it } from 'vitest'
import { clientAuthority, type Pair, pairFiles, write } from '../support/certificates.ts'
import { failedLaunch } from '../support/failed-launch.ts'
import { fixtures, startLockstep } from '../support/lockstep.ts'
import { openssl } from '../support/openssl.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const hello = join(fixtures, 'apps/hello.js')
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

function tls({ cert, key }: { cert?: string; key?: string }, ...more: string[]): string[] {
  return ['run', hello, ...(cert ? ['--tls-cert', cert] : []), ...(key ? ['--tls-key', key] : []), ...more]
}

describe('a certificate and its key', () => {
  it('are read from variables with escaped line breaks', async () => {
    const escaped = (text: string): string => text.replaceAll('\n', '\\n')
    await using server = await startLockstep(['run', hello, '--port', '0'], {
      env: { LOCKSTEP_TLS_CERT: escaped(pair.certPem), LOCKSTEP_TLS_KEY: escaped(pair.keyPem) },
    })
    expect(server.stdout()).toContain(pair.fingerprint256)
  })

  it('are not shown if a key without its PEM header is mistaken for a path', async () => {
    const base64 = pair.keyPem.replaceAll(/-----[^-]+-----|\n/g, '')
    await failedLaunch(['run', hello, '--tls-cert', pair.cert], {
      env: { LOCKSTEP_TLS_KEY: base64 },
      hides: [base64.slice(0, 40)],
      code: 'LOCKSTEP_ERR_TLS_FILE_UNREADABLE',
      says: ['not shown: it is not a path', 'LOCKSTEP_TLS_KEY'],
    })
  })

  it('are both needed: a certificate alone is refused', async () => {
    await failedLaunch(tls({ cert: pair.cert }), {
      code: 'LOCKSTEP_ERR_TLS_CERT_WITHOUT_KEY',
      says: ['--tls-cert sets a certificate, but its private key is not set.', 'Set --tls-key.'],
    })
  })

  it('are both needed: a key alone is refused', async () => {
    await failedLaunch(['run', hello], {
      env: { LOCKSTEP_TLS_KEY: pair.key },
      code: 'LOCKSTEP_ERR_TLS_KEY_WITHOUT_CERT',
      says: [
        'LOCKSTEP_TLS_KEY sets a private key, but its certificate is not set.',
        'Set LOCKSTEP_TLS_CERT.',
      ],
    })
  })

  it.each([
    { given: ['--certfile'], says: 'Set --keyfile.' },
    { given: ['--ssl-certfile'], says: 'Set --ssl-keyfile.' },
    { given: ['--cert'], says: 'Set --key.' },
    { env: 'LOCKSTEP_SSL_CERTFILE', says: 'Set LOCKSTEP_SSL_KEYFILE.' },
    { env: 'LOCKSTEP_CERT', says: 'Set LOCKSTEP_KEY.' },
  ])('names the missing half as its user would write it: $says', async ({ given, env, says }) => {
    await failedLaunch(['run', hello, ...(given ? [...given, pair.cert] : [])], {
      ...(env !== undefined && { env: { [env]: pair.cert } }),
      code: 'LOCKSTEP_ERR_TLS_CERT_WITHOUT_KEY',
      says: [says],
    })
  })

  it('names the missing half as its user would write it: in a file, and by the words of a product', async () => {
    const config = { tls: { cert: pair.cert } }
    await expect(launch({ app: hello, ...config }, { environment: false })).rejects.toMatchObject({
      faults: [{ code: 'LOCKSTEP_ERR_TLS_CERT_WITHOUT_KEY', hint: 'Set tls.key.' }],
    })
    const shop = defineLauncher({
      name: 'shop',
      envPrefix: 'SHOP',
      aliases: { '--certificate': 'tls.cert', '--certificate-key': 'tls.key' },
      defaults: { app: hello },
    })
    let written = ''
    const out = (text: string): void => {
      written += text
    }
    expect(await shop.main(['check', '--certificate', pair.cert], { out, err: out })).toBe(4)
    expect(written).toContain('Set --certificate-key.')
    const environment = { SHOP_CERTIFICATE: pair.cert }
    await expect(shop.launch({}, { environment })).rejects.toMatchObject({
      faults: [{ hint: 'Set SHOP_CERTIFICATE_KEY.' }],
    })
  })

  it.each([
    { what: 'the same type', keyType: 'ec-p256', types: '' },
    {
      what: 'another type',
      keyType: 'rsa-2048',
      types: ': the key is of type rsa, and the certificate is for ec',
    },
  ] as const)(
    'must belong together: a key of $what is refused, with both files',
    async ({ keyType, types }) => {
      for (const workers of ['1', '2']) {
        const other = await pairFiles({ keyType })
        await failedLaunch(tls({ cert: pair.cert, key: other.key }, '--workers', workers), {
          code: 'LOCKSTEP_ERR_TLS_KEY_MISMATCH',
          says: [
            `The private key tls.key ${other.key} (--tls-key) does not belong to the certificate tls.cert ${pair.cert} (--tls-cert)${types}.`,
            'Name the key that the certificate was requested with',
          ],
        })
      }
    },
  )

  it('must not be swapped: a key given as the certificate is refused', async () => {
    await failedLaunch(tls({ cert: pair.key, key: pair.key }), {
      code: 'LOCKSTEP_ERR_TLS_CERT_INVALID',
      says: [
        `tls.cert ${pair.key} (--tls-cert) holds no certificate, but a PRIVATE KEY.`,
        'It must be PEM text that begins with -----BEGIN CERTIFICATE-----.',
      ],
    })
  })

  it('must not be swapped: a certificate given as the key is refused', async () => {
    await failedLaunch(tls({ cert: pair.cert, key: pair.cert }), {
      code: 'LOCKSTEP_ERR_TLS_KEY_INVALID',
      says: [
        `tls.key ${pair.cert} (--tls-key) holds no private key, but a CERTIFICATE.`,
        'It must be PEM text that begins with -----BEGIN PRIVATE KEY-----.',
      ],
    })
  })

  it('must not be damaged', async () => {
    const damaged = (pem: string): string => pem.replace(/\n[A-Za-z0-9+/]{64}\n/, '\n')
    const cert = write(folder, 'damaged.pem', damaged(pair.certPem))
    const key = write(folder, 'damaged-key.pem', damaged(pair.keyPem))
    await failedLaunch(tls({ cert, key }), {
      code: ['LOCKSTEP_ERR_TLS_CERT_INVALID', 'LOCKSTEP_ERR_TLS_KEY_INVALID'],
      says: [cert, key, 'cannot be parsed', 'lockstep cert inspect', 'openssl pkey'],
    })
  })
})

describe('the validity of a certificate', () => {
  it('that has ended is reported with the date', async () => {
    const notAfter = fromNow(-1)
    const expired = await pairFiles({ notBefore: fromNow(-30), notAfter })
    await failedLaunch(tls(expired), {
      code: 'LOCKSTEP_ERR_TLS_CERT_EXPIRED',
      says: [
        `CN=localhost in tls.cert ${expired.cert} (--tls-cert) expired on ${notAfter.toISOString().slice(0, 19)}`,
        'Renew it.',
      ],
    })
  })

  it('that has not begun is reported with the date', async () => {
    const notBefore = fromNow(1)
    const early = await pairFiles({ notBefore, notAfter: fromNow(30) })
    await failedLaunch(tls(early), {
      code: 'LOCKSTEP_ERR_TLS_CERT_NOT_YET_VALID',
      says: [
        `CN=localhost in tls.cert ${early.cert} (--tls-cert) is valid only from ${notBefore.toISOString().slice(0, 19)}`,
        'check the clock of this machine',
      ],
    })
  })
})

describe('a TLS file', () => {
  it.each(['cert', 'key'] as const)(
    'that is missing is reported with its absolute path: tls.%s',
    async (half) => {
      const missing = join(folder, 'nowhere.pem')
      await failedLaunch(tls({ ...pair, [half]: 'nowhere.pem' }), {
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
    await failedLaunch(tls({ ...pair, [half]: folder }), {
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
    await failedLaunch(tls({ cert, key }), {
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
    await failedLaunch(tls(open), {
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
    await failedLaunch(tls(encrypted, '--tls-passphrase-file', passphraseFile), {
      code: 'LOCKSTEP_ERR_TLS_KEY_PERMISSIONS',
      says: [`The passphrase file ${passphraseFile} can be read or changed by others`],
    })
  })

  it.runIf(process.getuid?.() === 0)(
    'that contains the key and belongs to another user is refused',
    async () => {
      const foreign = await pairFiles()
      chownSync(foreign.key, 65_534, 65_534)
      await failedLaunch(tls(foreign), {
        code: 'LOCKSTEP_ERR_TLS_KEY_PERMISSIONS',
        says: [`The private key ${foreign.key} belongs to another user (uid 65534)`, 'chown'],
      })
    },
  )

  it('that contains the key and is readable by others only causes a warning if the user allows it', async () => {
    const open = await pairFiles()
    chmodSync(open.key, 0o644)
    await using server = await startLockstep([...tls(open), '--tls-key-permissions', 'warn', '--port', '0'])
    await server.waitFor(
      `The private key ${open.key} can be read or changed by others on this machine (mode 0644). Run \`chmod 600 ${open.key}\``,
    )
  })

  it.each(['cert', 'key'] as const)('that is UTF-16 is refused with how to save it: tls.%s', async (half) => {
    const text = half === 'cert' ? pair.certPem : pair.keyPem
    const file = write(folder, `utf16-${half}.pem`, Buffer.from(`\uFEFF${text}`, 'utf16le'))
    await failedLaunch(tls({ ...pair, [half]: file }), {
      code: 'LOCKSTEP_ERR_TLS_ENCODING',
      says: [`tls.${half} ${file} (--tls-${half}) is saved as UTF-16`, 'Set-Content -Encoding utf8'],
    })
  })

  it('that is empty is refused', async () => {
    const empty = write(folder, 'empty.pem', '')
    await failedLaunch(tls({ cert: empty, key: pair.key }), {
      code: 'LOCKSTEP_ERR_TLS_FILE_UNREADABLE',
      says: [`tls.cert ${empty} (--tls-cert) is empty.`, 'Write the PEM text into it.'],
    })
  })
})

describe('a chain in the wrong order', () => {
  it('is refused if an issuer comes before the leaf', async () => {
    const root = await createAuthority({ commonName: 'root' })
    const middle = await createAuthority({ commonName: 'middle', issuer: root })
    const issued = await issueCertificate({ authority: middle, hosts: ['localhost'] })
    const cert = write(folder, 'reversed.pem', middle.certPem + issued.certPem)
    await failedLaunch(tls({ cert, key: write(folder, 'reversed-key.pem', issued.keyPem) }), {
      code: 'LOCKSTEP_ERR_TLS_CHAIN_ORDER',
      says: [
        `The certificate of the server (the leaf) is certificate 2 of tls.cert ${cert} (--tls-cert). It must be the first.`,
        'cat leaf.pem intermediate.pem',
      ],
    })
  })

  it('is refused if an issuer is missing', async () => {
    const root = await createAuthority({ commonName: 'root' })
    const middle = await createAuthority({ commonName: 'middle', issuer: root })
    const issued = await issueCertificate({ authority: middle, hosts: ['localhost'] })
    const cert = write(folder, 'gap.pem', issued.certPem + root.certPem)
    await failedLaunch(tls({ cert, key: write(folder, 'gap-key.pem', issued.keyPem) }), {
      code: 'LOCKSTEP_ERR_TLS_CHAIN_ORDER',
      says: [
        `The certificate CN=root in tls.cert ${cert} (--tls-cert), number 2, did not issue the one before it (CN=localhost).`,
        'Put the leaf first',
      ],
    })
  })
})

describe('an encrypted key', () => {
  it('needs a passphrase', async () => {
    await failedLaunch(tls(encrypted), {
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
      await failedLaunch(tls(encrypted, ...words()), {
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
    await failedLaunch(tls(encrypted, '--tls-passphrase-command', 'printf hunter; echo 2; exit 7'), {
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
    await failedLaunch(tls(encrypted, '--tls-passphrase-file', missing), {
      code: 'LOCKSTEP_ERR_TLS_PASSPHRASE_UNAVAILABLE',
      says: [
        `Can't get the passphrase from ${missing} (--tls-passphrase-file): there is no such file.`,
        'Check the file',
      ],
    })
    const empty = write(folder, 'empty.txt', '\n')
    await failedLaunch(tls(encrypted, '--tls-passphrase-file', empty), {
      code: 'LOCKSTEP_ERR_TLS_PASSPHRASE_UNAVAILABLE',
      says: [
        `Can't get the passphrase from ${empty} (--tls-passphrase-file): it is empty.`,
        'Check the file',
      ],
    })
  })

  it('is the only kind that accepts a passphrase', async () => {
    await failedLaunch(tls(pair), {
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

describe('versions and ciphers', () => {
  it.each([
    {
      what: 'an unknown cipher among known ones',
      words: ['--tls-ciphers', 'ECDHE-RSA-AES128-GCM-SHA256:ECDHE-NOPE'],
      says: [
        'The cipher "ECDHE-NOPE" is not known to this OpenSSL.',
        'Set by --tls-ciphers.',
        'openssl ciphers -s -tls1_2',
      ],
    },
    {
      what: 'an unknown suite of TLS 1.3',
      words: ['--tls-ciphersuites', 'TLS_NOPE'],
      says: [
        'The cipher "TLS_NOPE" is not known to this OpenSSL.',
        'Set by --tls-ciphersuites.',
        'openssl ciphers -s -tls1_3',
      ],
    },
    {
      what: 'a suite of TLS 1.3 among the ciphers of TLS 1.2',
      words: ['--tls-ciphers', 'TLS_AES_128_GCM_SHA256'],
      says: ['"TLS_AES_128_GCM_SHA256" is a cipher suite of TLS 1.3.', 'Move it to --tls-ciphersuites.'],
    },
    {
      what: 'a cipher of TLS 1.2 among the suites of TLS 1.3',
      words: ['--tls-ciphersuites', 'ECDHE-RSA-AES128-GCM-SHA256'],
      says: [
        '"ECDHE-RSA-AES128-GCM-SHA256" is not a cipher suite of TLS 1.3.',
        'Ciphers of TLS 1.2 belong in --tls-ciphers.',
      ],
    },
  ])('$what is refused', async ({ words, says }) => {
    await failedLaunch(tls(pair, ...words), {
      code: 'LOCKSTEP_ERR_TLS_CIPHER_UNKNOWN',
      says,
    })
  })

  it.each([
    { words: ['--tls-ciphers', 'ECDHE-ECDSA-AES128-GCM-SHA256', '--tls-min-version', '1.3'], off: 'TLS 1.2' },
    { words: ['--tls-ciphersuites', 'TLS_AES_128_GCM_SHA256', '--tls-max-version', '1.2'], off: 'TLS 1.3' },
  ])('ciphers of $off are refused if $off is switched off', async ({ words, off }) => {
    await failedLaunch(tls(pair, ...words), {
      code: 'LOCKSTEP_ERR_TLS_CIPHERS_UNUSED',
      says: [
        `would have no effect: ${off} is switched off`,
        `Set by ${words[0]}.`,
        'Leave one of the two out.',
      ],
    })
  })

  it('the lowest version above the highest is refused, with both', async () => {
    await failedLaunch(tls(pair, '--tls-min-version', '1.3', '--tls-max-version', '1.2'), {
      code: 'LOCKSTEP_ERR_TLS_VERSION_RANGE',
      says: [
        'The lowest TLS version (TLSv1.3) is above the highest (TLSv1.2).',
        'Set by --tls-min-version.',
        'Lower tls.minVersion or raise tls.maxVersion.',
      ],
    })
  })
})

describe('client certificates', () => {
  it('need a CA that issues the trusted ones', async () => {
    await failedLaunch(tls(pair, '--tls-client-auth', 'require'), {
      code: 'LOCKSTEP_ERR_TLS_CLIENT_AUTH_WITHOUT_CA',
      says: ['(--tls-client-auth is require), but no CA says which are trusted.', 'Set --tls-ca'],
    })
  })

  it('must be requested if a CA is set', async () => {
    const { caFile } = await clientAuthority()
    await failedLaunch(tls(pair, '--tls-ca', caFile), {
      code: 'LOCKSTEP_ERR_TLS_CA_UNUSED',
      says: ['--tls-ca sets a CA, but client certificates are not asked for', 'Set --tls-client-auth'],
    })
  })

  it.each([
    { what: 'garbage', file: () => write(folder, 'garbage.pem', 'no PEM\n'), found: 'holds no certificate.' },
    { what: 'a key', file: () => pair.key, found: 'holds no certificate, but a PRIVATE KEY.' },
    {
      what: 'a damaged certificate',
      file: () => write(folder, 'damaged-ca.pem', pair.certPem.replace(/\n[A-Za-z0-9+/]{64}\n/, '\n')),
      found: 'holds a certificate that cannot be parsed.',
    },
  ])('are not trusted by $what given as CA', async ({ file, found }) => {
    const ca = file()
    await failedLaunch(tls(pair, '--tls-ca', ca, '--tls-client-auth', 'require'), {
      code: 'LOCKSTEP_ERR_TLS_CA_INVALID',
      says: [`tls.ca ${ca} (--tls-ca) ${found}`, /It must be PEM text|lockstep cert inspect/],
    })
  })

  it('are not trusted by an intermediate without its root, given as CA', async () => {
    const root = await createAuthority({ commonName: 'the root' })
    const { certPem } = await createAuthority({ commonName: 'the middle', issuer: root })
    const ca = write(folder, 'middle.pem', certPem)
    await failedLaunch(tls(pair, '--tls-ca', ca, '--tls-client-auth', 'require'), {
      code: 'LOCKSTEP_ERR_TLS_CA_INVALID',
      says: [
        `tls.ca ${ca} (--tls-ca) has no root: CN=the middle was issued by CN=the root`,
        'Add the certificate of the root.',
      ],
    })
  })

  it('are not trusted by a certificate that may not issue any, given as CA', async () => {
    const { client } = await clientAuthority()
    await failedLaunch(tls(pair, '--tls-ca', client.certFile, '--tls-client-auth', 'request'), {
      code: 'LOCKSTEP_ERR_TLS_CA_INVALID',
      says: [
        `The certificate CN=a client in tls.ca ${client.certFile} (--tls-ca) is not a CA`,
        'Name the certificate of its issuer (CN=client CA).',
      ],
    })
  })
})

describe('a revocation list', () => {
  it('that is not valid yet is refused with the date', async () => {
    const authority = await createAuthority({ commonName: 'client CA' })
    const crl = await issueRevocationList({ authority, revoked: [], thisUpdate: fromNow(1) })
    const asked = clientsOf(authority.certPem)
    await failedLaunch(tls(pair, ...asked, '--tls-crl', write(folder, 'early.pem', crl)), {
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
    await failedLaunch(tls(pair, ...asked, '--tls-crl', write(folder, 'one.pem', crl)), {
      code: 'LOCKSTEP_ERR_TLS_CRL_MISSING',
      says: ['There is no revocation list of CN=other CA', 'Add its list to tls.crl'],
    })
  })

  const clientsOf = (authorities: string): string[] => [
    ...['--tls-client-auth', 'require', '--tls-ca', write(folder, 'clients.pem', authorities)],
  ]
})

describe('TLS options that would have no effect', () => {
  it.each([
    ['--tls-min-version', '1.3'],
    ['--tls-ciphers', 'ECDHE-RSA-AES128-GCM-SHA256'],
    ['--tls-client-auth', 'require'],
    ['--tls-passphrase-file', 'secret.txt'],
  ])('are refused without a certificate: %s', async (...words) => {
    await failedLaunch(tls({}, ...words), {
      code: 'LOCKSTEP_ERR_TLS_WITHOUT_CERT',
      says: [
        `${words[0]} is set, but there is no certificate, so the server would speak plain HTTP.`,
        'Set --tls-cert and --tls-key, or --tls-self-signed',
      ],
    })
  })

  it.each(['cert', 'key'] as const)('are refused together: --tls-self-signed and --tls-%s', async (half) => {
    await failedLaunch(tls({ [half]: pair[half] }, '--tls-self-signed'), {
      code: 'LOCKSTEP_ERR_OPTION_CONFLICT',
      says: [
        `--tls-${half} would be dropped: --tls-self-signed makes its own certificate and key.`,
        'Leave one of them out.',
      ],
    })
  })
})

it('a key that is too weak is refused', async () => {
  const weak = await pairFiles({ keyType: 'rsa-1024' })
  await failedLaunch(tls(weak), {
    code: 'LOCKSTEP_ERR_TLS_KEY_WEAK',
    says: [
      `The certificate CN=localhost in tls.cert ${weak.cert} (--tls-cert) has a key that is too weak: RSA with 1024 bits.`,
      'RSA with 2048 bits or more',
    ],
  })
})

describe('a chain that clients refuse', () => {
  /** A chain of two, in which OpenSSL has made the leaf with the certificate of `parent`. */
  async function issuedBy(
    parent: { certPem: string; keyPem: string },
    ...more: string[]
  ): Promise<{ cert: string; key: string }> {
    const at = temporaryFolder()
    const [ca, caKey] = [write(at, 'ca.pem', parent.certPem), write(at, 'ca-key.pem', parent.keyPem)]
    const [leaf, key, request] = [join(at, 'leaf.pem'), join(at, 'key.pem'), join(at, 'request.pem')]
    const named = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost']
    await openssl(...['req', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', request, ...named])
    await openssl(
      ...['x509', '-req', '-in', request, '-CA', ca, '-CAkey', caKey, '-out', leaf, '-days', '30'],
      ...['-copy_extensions', 'copy', ...more],
    )
    return { cert: write(at, 'chain.pem', readFileSync(leaf, 'utf8') + parent.certPem), key }
  }

  it('is refused if a signature can be forged: SHA-1', async () => {
    const chain = await issuedBy(await createAuthority({ commonName: 'root' }), '-sha1')
    await failedLaunch(tls(chain), {
      code: 'LOCKSTEP_ERR_TLS_SIGNATURE_WEAK',
      says: [`in tls.cert ${chain.cert} (--tls-cert)`, 'SHA-1', 'signed with SHA-256'],
    })
  })

  it('is refused if the issuer may not issue certificates', async () => {
    const chain = await issuedBy(await issueCertificate({ hosts: ['middle'] }))
    await failedLaunch(tls(chain), {
      code: ['LOCKSTEP_ERR_TLS_CHAIN_REFUSED', 'LOCKSTEP_ERR_TLS_CERT_USAGE'],
      says: [`in tls.cert ${chain.cert} (--tls-cert)`],
    })
  })
})

it('a certificate that is not for servers is refused', async () => {
  const client = await pairFiles({ usage: 'client' })
  await failedLaunch(tls(client), {
    code: 'LOCKSTEP_ERR_TLS_CERT_USAGE',
    says: [`CN=localhost in tls.cert ${client.cert} (--tls-cert) is not for servers`, 'serverAuth'],
  })
})

it('a certificate without host names or close to its expiry causes a warning', async () => {
  const bare = await pairFiles({
    hosts: [],
    commonName: 'bare',
    notAfter: fromNow(3),
    notBefore: fromNow(-60),
  })
  await using server = await startLockstep([...tls(bare), '--port', '0'])
  await server.waitFor('The certificate CN=bare')
  await server.waitFor('has no subjectAltName')
  await server.waitFor('(in 2 days). Renew it.')
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
