// A file of the wrong kind is reported as what it is, and no part of a file is silently dropped.
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { join } from 'node:path'
import { createAuthority, issueCertificate } from '@lockstep/certs'
import { beforeAll, describe, expect, it } from 'vitest'
import { clientAuthority, type Pair, pairFiles, write } from '../support/certificates.ts'
import { failedLaunch } from '../support/failed-launch.ts'
import { fixtures, runLockstep } from '../support/lockstep.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const hello = join(fixtures, 'apps/hello.js')
const folder = temporaryFolder()
let pair: Pair
let other: string

beforeAll(async () => {
  const authority = await createAuthority({ commonName: 'root' })
  const intermediate = await createAuthority({ commonName: 'intermediate', issuer: authority })
  pair = await pairFiles({ authority: intermediate }, folder)
  other = intermediate.certPem
})

const withCert = (cert: string): string[] => ['check', hello, '--tls-cert', cert, '--tls-key', pair.key]
const withKey = (key: string): string[] => ['check', hello, '--tls-cert', pair.cert, '--tls-key', key]
const der = (): Buffer => createPrivateKey(pair.keyPem).export({ type: 'pkcs8', format: 'der' })
const leafDer = (): Buffer => new X509Certificate(pair.certPem).raw

describe('a certificate file', () => {
  it.each([
    {
      what: 'whose intermediate has no end',
      text: () => pair.certPem.trimEnd().slice(0, -40),
      says: 'has no end',
    },
    {
      what: 'with the leaf twice',
      text: () => new X509Certificate(pair.certPem).toString() + pair.certPem,
      says: ['twice', 'fullchain.pem'],
      code: 'LOCKSTEP_ERR_TLS_CHAIN_ORDER',
    },
    { what: 'in DER', text: leafDer, says: ['is a certificate in DER', 'openssl x509 -inform DER'] },
    {
      what: 'of two certificates in DER',
      text: () => Buffer.concat([leafDer(), new X509Certificate(other).raw]),
      says: 'several certificates in DER',
    },
    { what: 'that is a key in DER', text: der, says: 'is a private key in DER' },
    {
      what: 'with a revocation list in it',
      text: () => `${pair.certPem}-----BEGIN X509 CRL-----\nMAA=\n-----END X509 CRL-----\n`,
      says: '--tls-crl',
    },
    {
      what: 'that is a keystore of Java',
      text: () => Buffer.from('feedfeed0000000200000001', 'hex'),
      says: ['keystore of Java', 'keytool'],
    },
    {
      what: 'that is PKCS#7 as PEM',
      text: () => '-----BEGIN PKCS7-----\nMAA=\n-----END PKCS7-----\n',
      says: ['PKCS#7', 'openssl pkcs7 -inform PEM'],
    },
    {
      what: 'that is a request',
      text: () => '-----BEGIN CERTIFICATE REQUEST-----\nMAA=\n-----END CERTIFICATE REQUEST-----\n',
      says: 'a certificate request',
    },
  ])(
    '$what is refused and named as such',
    async ({ what, text, says, code = 'LOCKSTEP_ERR_TLS_CERT_INVALID' }) => {
      const file = write(folder, `${what.replaceAll(/\W/g, '-')}.pem`, text())
      await failedLaunch(withCert(file), { code, says: [says].flat() })
    },
  )
})

describe('a key file', () => {
  it.each([
    { what: 'in DER', text: der, says: ['is a private key in DER', 'openssl pkey -inform DER'] },
    {
      what: 'of OpenSSH',
      text: () =>
        '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXk=\n-----END OPENSSH PRIVATE KEY-----\n',
      says: ['OpenSSH', 'ssh-keygen -p -m PEM'],
    },
    { what: 'of PuTTY', text: () => 'PuTTY-User-Key-File-3: ssh-rsa\nEncryption: none\n', says: 'PuTTY' },
    { what: 'that is cut off', text: () => pair.keyPem.trimEnd().slice(0, -30), says: 'has no end' },
    {
      what: 'encrypted by DES',
      text: () =>
        '-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: DES-CBC,0011223344556677\n\nQUJDREVGR0g=\n-----END RSA PRIVATE KEY-----\n',
      says: ['DES-CBC', 'has retired', '-provider legacy'],
    },
  ])('$what is refused and named as such', async ({ what, text, says }) => {
    const file = write(folder, `key-${what.replaceAll(/\W/g, '-')}.pem`, text())
    const passphrase = write(folder, 'pass.txt', 'secret')
    const more = what.startsWith('encrypted') ? ['--tls-passphrase-file', passphrase] : []
    await failedLaunch([...withKey(file), ...more], {
      code: 'LOCKSTEP_ERR_TLS_KEY_INVALID',
      says: [says].flat(),
    })
  })

  it('with a second key is refused if no certificate matches that key', async () => {
    const { keyPem } = await issueCertificate({ hosts: ['localhost'], keyType: 'rsa-2048' })
    const file = write(folder, 'two-keys.pem', pair.keyPem + keyPem)
    await failedLaunch(withKey(file), {
      code: 'LOCKSTEP_ERR_TLS_KEY_MISMATCH',
      says: ['does not belong to any of the certificates'],
    })
  })
})

it('a file of CAs is refused as a whole if its last one is cut off', async () => {
  const { caPem } = await clientAuthority()
  const ca = write(folder, 'cut-ca.pem', caPem + caPem.slice(0, 300))
  await failedLaunch([...withCert(pair.cert), '--tls-ca', ca, '--tls-client-auth', 'require'], {
    code: 'LOCKSTEP_ERR_TLS_CA_INVALID',
    says: ['has no end'],
  })
})

it.each([
  { how: 'a byte order mark and CRLF', bytes: Buffer.from('\uFEFFopen sesame\r\n') },
  { how: 'UTF-16', bytes: Buffer.from('\uFEFFopen sesame\r\n', 'utf16le') },
])('a passphrase file with $how opens the key', async ({ how, bytes }) => {
  const encrypted = await pairFiles({ passphrase: 'open sesame' })
  const file = write(folder, `${how.replaceAll(/\W/g, '-')}.txt`, bytes)
  const { code, stderr } = await runLockstep([
    'check',
    hello,
    '--tls-cert',
    encrypted.cert,
    '--tls-key',
    encrypted.key,
    '--tls-passphrase-file',
    file,
    '--port',
    '0',
  ])
  expect({ code, stderr }).toMatchObject({ code: 0 })
})
