import { execFileSync } from 'node:child_process'
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import https from 'node:https'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { connect } from 'node:tls'
import { createAuthority, inspectCertificate, issueCertificate, issueRevocationList } from '@lockstep/certs'
import { afterAll, describe, expect, it } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'lockstep-certs-'))
afterAll(() => rmSync(folder, { recursive: true }))

const hasOpenssl = (process.env['PATH'] ?? '')
  .split(delimiter)
  .some((path) => existsSync(join(path, 'openssl')))

function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}

function openssl(...args: string[]): string {
  return execFileSync('openssl', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
}

const dayMs = 86_400_000

describe('issueCertificate', () => {
  it.each(['ec-p256', 'ec-p384', 'rsa-2048'] as const)(
    'issues a %s chain that a client trusts when it has only the root',
    async (keyType) => {
      const root = await createAuthority({ commonName: 'root', keyType })
      const intermediate = await createAuthority({ commonName: 'intermediate', issuer: root })
      const { chainPem, keyPem } = await issueCertificate({
        authority: intermediate,
        hosts: ['localhost'],
        keyType,
      })
      const server = https.createServer({ cert: chainPem, key: keyPem }).listen(0, '127.0.0.1')
      await once(server, 'listening')
      const { port } = server.address() as { port: number }
      const client = connect({ host: '127.0.0.1', port, servername: 'localhost', ca: root.certPem })
      await once(client, 'secureConnect')
      expect(client.authorized).toBe(true)
      client.destroy()
      server.close()
    },
  )

  it('names hosts, wildcards, IP addresses and international names', async () => {
    const { certPem } = await issueCertificate({
      hosts: ['*.example.test', '127.0.0.1', '::1', 'bücher.example'],
    })
    const certificate = new X509Certificate(certPem)
    expect(certificate.checkHost('a.example.test')).toBe('*.example.test')
    expect(certificate.checkIP('127.0.0.1')).toBe('127.0.0.1')
    expect(certificate.checkIP('::1')).toBe('::1')
    expect(certificate.checkHost('xn--bcher-kva.example')).toBe('xn--bcher-kva.example')
  })

  it('encrypts the key so that it opens only with its passphrase', async () => {
    const { certPem, keyPem } = await issueCertificate({ hosts: ['localhost'], passphrase: 'right' })
    expect(keyPem).toContain('BEGIN ENCRYPTED PRIVATE KEY')
    expect(() => createPrivateKey({ key: keyPem, passphrase: 'wrong' })).toThrow()
    expect(
      new X509Certificate(certPem).checkPrivateKey(createPrivateKey({ key: keyPem, passphrase: 'right' })),
    ).toBe(true)
  })

  it('uses the validity period of the request', async () => {
    const notBefore = new Date(Date.now() - 10 * dayMs)
    const notAfter = new Date(Date.now() - 5 * dayMs)
    const [facts] = inspectCertificate(
      (await issueCertificate({ hosts: ['localhost'], notBefore, notAfter })).certPem,
    )
    expect(Math.abs((facts?.notAfter.getTime() ?? 0) - notAfter.getTime())).toBeLessThan(1_000)
    expect(Math.abs((facts?.notBefore.getTime() ?? 0) - notBefore.getTime())).toBeLessThan(1_000)
  })

  it.skipIf(!hasOpenssl)('issues a chain that openssl verifies for its purpose', async () => {
    const root = await createAuthority({ commonName: 'root' })
    const intermediate = await createAuthority({ commonName: 'intermediate', issuer: root })
    const leaf = await issueCertificate({ authority: intermediate, hosts: ['localhost'] })
    const files = {
      root: file('root.pem', root.certPem),
      intermediate: file('intermediate.pem', intermediate.certPem),
      leaf: file('leaf.pem', leaf.certPem),
    }
    expect(
      openssl(
        'verify',
        '-x509_strict',
        '-purpose',
        'sslserver',
        '-CAfile',
        files.root,
        '-untrusted',
        files.intermediate,
        files.leaf,
      ),
    ).toContain('OK')
    expect(() =>
      openssl(
        'verify',
        '-purpose',
        'sslclient',
        '-CAfile',
        files.root,
        '-untrusted',
        files.intermediate,
        files.leaf,
      ),
    ).toThrow()
    expect(openssl('x509', '-in', files.leaf, '-noout', '-fingerprint', '-sha256')).toContain(
      leaf.fingerprint256,
    )
  })

  it.skipIf(!hasOpenssl)(
    'issues revocation lists with which openssl refuses the revoked certificate and accepts the other',
    async () => {
      const root = await createAuthority({ commonName: 'root' })
      const revoked = await issueCertificate({
        authority: root,
        hosts: [],
        commonName: 'revoked',
        usage: 'client',
      })
      const good = await issueCertificate({ authority: root, hosts: [], commonName: 'good', usage: 'client' })
      const trust = [
        '-crl_check',
        '-CAfile',
        file('ca.pem', root.certPem),
        '-CRLfile',
        file('crl.pem', await issueRevocationList({ authority: root, revoked: [revoked.serialNumber] })),
      ]
      expect(openssl('verify', ...trust, file('good.pem', good.certPem))).toContain('OK')
      expect(() => openssl('verify', ...trust, file('revoked.pem', revoked.certPem))).toThrow(/revoked/)
    },
  )
})

describe('inspectCertificate', () => {
  it('reads every certificate of a file in order, also after a byte order mark and with Windows line ends', async () => {
    const root = await createAuthority({ commonName: 'root' })
    const { chainPem, certPem } = await issueCertificate({
      authority: await createAuthority({ commonName: 'middle', issuer: root }),
      hosts: ['a.test'],
    })
    const facts = inspectCertificate(`\uFEFF${chainPem.replaceAll('\n', '\r\n')}`)
    expect(facts.map(({ subject, isAuthority, selfSigned }) => [subject, isAuthority, selfSigned])).toEqual([
      ['CN=a.test', false, false],
      ['CN=middle', true, false],
    ])
    expect(facts[0]).toMatchObject({
      issuer: 'CN=middle',
      subjectAltNames: ['a.test'],
      keyType: 'EC P-256',
      fingerprint256: new X509Certificate(certPem).fingerprint256,
    })
  })

  it('reads DER and recognises a self-signed leaf', async () => {
    const { certPem } = await issueCertificate({ hosts: ['localhost'], keyType: 'rsa-2048' })
    expect(inspectCertificate(new X509Certificate(certPem).raw)).toMatchObject([
      { selfSigned: true, isAuthority: false, keyType: 'RSA 2048' },
    ])
  })

  it('says what a file contains when it is not a certificate', async () => {
    const { certPem, keyPem } = await issueCertificate({ hosts: ['localhost'] })
    const failing = (given: string | Uint8Array): unknown => {
      try {
        return inspectCertificate(given)
      } catch (error) {
        return error
      }
    }
    expect(failing('')).toMatchObject({ code: 'LOCKSTEP_ERR_CERT_EMPTY' })
    expect(failing(keyPem)).toMatchObject({
      code: 'LOCKSTEP_ERR_CERT_INVALID',
      message: expect.stringContaining('PRIVATE KEY'),
    })
    expect(failing(Buffer.from(certPem, 'utf16le'))).toMatchObject({ code: 'LOCKSTEP_ERR_CERT_ENCODING' })
    expect(failing(certPem.replace('MII', 'AAA'))).toMatchObject({ code: 'LOCKSTEP_ERR_CERT_INVALID' })
  })
})
