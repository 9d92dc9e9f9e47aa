import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createAuthority, issueCertificate } from '@lockstep/certs'
import { defineLauncher, launch } from 'lockstep'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Pair, pairFiles, write } from '../support/certificates.ts'
import { failedLaunch } from '../support/failed-launch.ts'
import { startLockstep } from '../support/lockstep.ts'
import { openssl } from '../support/openssl.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { hello, tlsWords } from '../support/tls-words.ts'

const dayMs = 86_400_000
const fromNow = (days: number): Date => new Date(Date.now() + days * dayMs)

let pair: Pair
let folder: string

beforeAll(async () => {
  folder = temporaryFolder()
  pair = await pairFiles({}, folder)
})

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
    await failedLaunch(tlsWords({ cert: pair.cert }), {
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
        await failedLaunch(tlsWords({ cert: pair.cert, key: other.key }, '--workers', workers), {
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
    await failedLaunch(tlsWords({ cert: pair.key, key: pair.key }), {
      code: 'LOCKSTEP_ERR_TLS_CERT_INVALID',
      says: [
        `tls.cert ${pair.key} (--tls-cert) holds no certificate, but a PRIVATE KEY.`,
        'It must be PEM text that begins with -----BEGIN CERTIFICATE-----.',
      ],
    })
  })

  it('must not be swapped: a certificate given as the key is refused', async () => {
    await failedLaunch(tlsWords({ cert: pair.cert, key: pair.cert }), {
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
    await failedLaunch(tlsWords({ cert, key }), {
      code: ['LOCKSTEP_ERR_TLS_CERT_INVALID', 'LOCKSTEP_ERR_TLS_KEY_INVALID'],
      says: [cert, key, 'cannot be parsed', 'lockstep cert inspect', 'openssl pkey'],
    })
  })
})

describe('the validity of a certificate', () => {
  it('that has ended is reported with the date', async () => {
    const notAfter = fromNow(-1)
    const expired = await pairFiles({ notBefore: fromNow(-30), notAfter })
    await failedLaunch(tlsWords(expired), {
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
    await failedLaunch(tlsWords(early), {
      code: 'LOCKSTEP_ERR_TLS_CERT_NOT_YET_VALID',
      says: [
        `CN=localhost in tls.cert ${early.cert} (--tls-cert) is valid only from ${notBefore.toISOString().slice(0, 19)}`,
        'check the clock of this machine',
      ],
    })
  })
})

describe('a chain in the wrong order', () => {
  it('is refused if an issuer comes before the leaf', async () => {
    const root = await createAuthority({ commonName: 'root' })
    const middle = await createAuthority({ commonName: 'middle', issuer: root })
    const issued = await issueCertificate({ authority: middle, hosts: ['localhost'] })
    const cert = write(folder, 'reversed.pem', middle.certPem + issued.certPem)
    await failedLaunch(tlsWords({ cert, key: write(folder, 'reversed-key.pem', issued.keyPem) }), {
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
    await failedLaunch(tlsWords({ cert, key: write(folder, 'gap-key.pem', issued.keyPem) }), {
      code: 'LOCKSTEP_ERR_TLS_CHAIN_ORDER',
      says: [
        `The certificate CN=root in tls.cert ${cert} (--tls-cert), number 2, did not issue the one before it (CN=localhost).`,
        'Put the leaf first',
      ],
    })
  })
})

it('a key that is too weak is refused', async () => {
  const weak = await pairFiles({ keyType: 'rsa-1024' })
  await failedLaunch(tlsWords(weak), {
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
    await failedLaunch(tlsWords(chain), {
      code: 'LOCKSTEP_ERR_TLS_SIGNATURE_WEAK',
      says: [`in tls.cert ${chain.cert} (--tls-cert)`, 'SHA-1', 'signed with SHA-256'],
    })
  })

  it('is refused if the issuer may not issue certificates', async () => {
    const chain = await issuedBy(await issueCertificate({ hosts: ['middle'] }))
    await failedLaunch(tlsWords(chain), {
      code: ['LOCKSTEP_ERR_TLS_CHAIN_REFUSED', 'LOCKSTEP_ERR_TLS_CERT_USAGE'],
      says: [`in tls.cert ${chain.cert} (--tls-cert)`],
    })
  })
})

it('a certificate that is not for servers is refused', async () => {
  const client = await pairFiles({ usage: 'client' })
  await failedLaunch(tlsWords(client), {
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
  await using server = await startLockstep([...tlsWords(bare), '--port', '0'])
  await server.waitFor('The certificate CN=bare')
  await server.waitFor('has no subjectAltName')
  await server.waitFor('(in 2 days). Renew it.')
})
