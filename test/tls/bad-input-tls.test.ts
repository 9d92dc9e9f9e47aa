import { createAuthority } from '@lockstep/certs'
import { beforeAll, describe, it } from 'vitest'
import { clientAuthority, type Pair, pairFiles, write } from '../support/certificates.ts'
import { failedLaunch } from '../support/failed-launch.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { tlsWords } from '../support/tls-words.ts'

let pair: Pair
let folder: string

beforeAll(async () => {
  folder = temporaryFolder()
  pair = await pairFiles({}, folder)
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
    await failedLaunch(tlsWords(pair, ...words), {
      code: 'LOCKSTEP_ERR_TLS_CIPHER_UNKNOWN',
      says,
    })
  })

  it.each([
    { words: ['--tls-ciphers', 'ECDHE-ECDSA-AES128-GCM-SHA256', '--tls-min-version', '1.3'], off: 'TLS 1.2' },
    { words: ['--tls-ciphersuites', 'TLS_AES_128_GCM_SHA256', '--tls-max-version', '1.2'], off: 'TLS 1.3' },
  ])('ciphers of $off are refused if $off is switched off', async ({ words, off }) => {
    await failedLaunch(tlsWords(pair, ...words), {
      code: 'LOCKSTEP_ERR_TLS_CIPHERS_UNUSED',
      says: [
        `would have no effect: ${off} is switched off`,
        `Set by ${words[0]}.`,
        'Leave one of the two out.',
      ],
    })
  })

  it('the lowest version above the highest is refused, with both', async () => {
    await failedLaunch(tlsWords(pair, '--tls-min-version', '1.3', '--tls-max-version', '1.2'), {
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
    await failedLaunch(tlsWords(pair, '--tls-client-auth', 'require'), {
      code: 'LOCKSTEP_ERR_TLS_CLIENT_AUTH_WITHOUT_CA',
      says: ['(--tls-client-auth is require), but no CA says which are trusted.', 'Set --tls-ca'],
    })
  })

  it('must be requested if a CA is set', async () => {
    const { caFile } = await clientAuthority()
    await failedLaunch(tlsWords(pair, '--tls-ca', caFile), {
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
    await failedLaunch(tlsWords(pair, '--tls-ca', ca, '--tls-client-auth', 'require'), {
      code: 'LOCKSTEP_ERR_TLS_CA_INVALID',
      says: [`tls.ca ${ca} (--tls-ca) ${found}`, /It must be PEM text|lockstep cert inspect/],
    })
  })

  it('are not trusted by an intermediate without its root, given as CA', async () => {
    const root = await createAuthority({ commonName: 'the root' })
    const { certPem } = await createAuthority({ commonName: 'the middle', issuer: root })
    const ca = write(folder, 'middle.pem', certPem)
    await failedLaunch(tlsWords(pair, '--tls-ca', ca, '--tls-client-auth', 'require'), {
      code: 'LOCKSTEP_ERR_TLS_CA_INVALID',
      says: [
        `tls.ca ${ca} (--tls-ca) has no root: CN=the middle was issued by CN=the root`,
        'Add the certificate of the root.',
      ],
    })
  })

  it('are not trusted by a certificate that may not issue any, given as CA', async () => {
    const { client } = await clientAuthority()
    await failedLaunch(tlsWords(pair, '--tls-ca', client.certFile, '--tls-client-auth', 'request'), {
      code: 'LOCKSTEP_ERR_TLS_CA_INVALID',
      says: [
        `The certificate CN=a client in tls.ca ${client.certFile} (--tls-ca) is not a CA`,
        'Name the certificate of its issuer (CN=client CA).',
      ],
    })
  })
})

describe('TLS options that would have no effect', () => {
  it.each([
    ['--tls-min-version', '1.3'],
    ['--tls-ciphers', 'ECDHE-RSA-AES128-GCM-SHA256'],
    ['--tls-client-auth', 'require'],
    ['--tls-passphrase-file', 'secret.txt'],
  ])('are refused without a certificate: %s', async (...words) => {
    await failedLaunch(tlsWords({}, ...words), {
      code: 'LOCKSTEP_ERR_TLS_WITHOUT_CERT',
      says: [
        `${words[0]} is set, but there is no certificate, so the server would speak plain HTTP.`,
        'Set --tls-cert and --tls-key, or --tls-self-signed',
      ],
    })
  })

  it.each(['cert', 'key'] as const)('are refused together: --tls-self-signed and --tls-%s', async (half) => {
    await failedLaunch(tlsWords({ [half]: pair[half] }, '--tls-self-signed'), {
      code: 'LOCKSTEP_ERR_OPTION_CONFLICT',
      says: [
        `--tls-${half} would be dropped: --tls-self-signed makes its own certificate and key.`,
        'Leave one of them out.',
      ],
    })
  })
})
