// Revocation lists that OpenSSL would not apply, and those of intermediates that clients send.
import { join } from 'node:path'
import {
  type Authority,
  createAuthority,
  type IssuedCertificate,
  issueCertificate,
  issueRevocationList,
} from '@lockstep/certs'
import { describe, expect, it } from 'vitest'
import { pairFiles, write } from '../support/certificates.ts'
import { failedLaunch } from '../support/failed-launch.ts'
import { fixtures, startLockstep } from '../support/lockstep.ts'
import { openssl } from '../support/openssl.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { tlsExchange } from '../support/tls-client.ts'

const hello = join(fixtures, 'apps/hello.js')

const client = (authority: Authority, commonName: string): Promise<IssuedCertificate> =>
  issueCertificate({ authority, hosts: [], commonName, usage: 'client' })

describe('a revocation list that OpenSSL would not apply', () => {
  it.each([
    {
      what: 'a delta list',
      extensions: '2.5.29.27 = critical,DER:02:01:01',
      says: 'it is a delta list, which says only what has changed since another one',
    },
    {
      what: 'a list only of user certificates',
      extensions: 'issuingDistributionPoint = critical,@point\n[point]\nonlyuser = TRUE',
      says: 'it covers a part of what the CA has issued (onlyContainsUserCerts',
    },
    {
      what: 'an indirect list',
      extensions: 'issuingDistributionPoint = critical,@point\n[point]\nindirectCRL = TRUE',
      says: 'it covers a part of what the CA has issued (indirectCRL',
    },
    {
      what: 'a list with an extension that OpenSSL does not know',
      extensions: '1.3.6.1.4.1.99999.1 = critical,DER:05:00',
      says: 'it has the critical extension 1.3.6.1.4.1.99999.1, which OpenSSL does not know',
    },
  ])('is refused, and the error names the file: $what', async ({ extensions, says }) => {
    const folder = temporaryFolder()
    const authority = await createAuthority({ commonName: 'clients' })
    const ca = write(folder, 'ca.pem', authority.certPem)
    const key = write(folder, 'ca.key', authority.keyPem)
    const whole = write(folder, 'whole.pem', await issueRevocationList({ authority, revoked: [] }))
    const index = write(folder, 'index', '')
    const config = write(
      folder,
      'ca.cnf',
      `[ca]\ndefault_ca = it\n[it]\ndatabase = ${index}\ndefault_md = sha256\ndefault_crl_days = 30\n[more]\n${extensions}\n`,
    )
    const list = join(folder, 'list.pem')
    await openssl(
      ...['ca', '-config', config, '-gencrl', '-crlexts', 'more', '-cert', ca, '-keyfile', key, '-out', list],
    )
    const pair = await pairFiles()
    const args = ['run', hello, '--cert', pair.cert, '--key', pair.key, '--tls-client-auth', 'require']
    await failedLaunch([...args, '--tls-ca', ca, '--tls-crl', whole, '--tls-crl', list], {
      code: 'LOCKSTEP_ERR_TLS_CRL_UNAPPLIED',
      says: [says, 'CN=clients', list, 'Name the complete list of the CA'],
    })
  })
})

describe('the revocation list of an intermediate that clients send', async () => {
  const folder = temporaryFolder()
  const root = await createAuthority({ commonName: 'root of clients' })
  const issuing = await createAuthority({ commonName: 'issuing CA of clients', issuer: root })
  const [good, revoked] = [await client(issuing, 'good'), await client(issuing, 'revoked')]
  const files = {
    root: write(folder, 'root.pem', root.certPem),
    both: write(folder, 'both.pem', root.certPem + issuing.certPem),
    ofRoot: write(folder, 'root-list.pem', await issueRevocationList({ authority: root, revoked: [] })),
    ofIssuing: write(
      folder,
      'issuing-list.pem',
      await issueRevocationList({ authority: issuing, revoked: [revoked.serialNumber] }),
    ),
  }
  const as = ({ chainPem, keyPem }: IssuedCertificate): { cert: string; key: string } => ({
    cert: chainPem,
    key: keyPem,
  })
  const pair = await pairFiles()
  const args = [
    ...['run', hello, '--cert', pair.cert, '--key', pair.key, '--tls-client-auth', 'require'],
    ...['--log-format', 'pretty'],
  ]
  const backends = [
    { backend: 'single', flags: ['--backend', 'single'] },
    { backend: 'cluster', flags: ['--backend', 'cluster', '--workers', '2'] },
  ]

  it.each(backends)(
    'is refused without the certificate that would verify it: $backend',
    async ({ flags }) => {
      await failedLaunch(
        [...args, ...flags, '--tls-ca', files.root, '--tls-crl', files.ofRoot, '--tls-crl', files.ofIssuing],
        {
          code: 'LOCKSTEP_ERR_TLS_CRL_ISSUER',
          says: [
            `The revocation list of CN=issuing CA of clients in tls.crl ${files.ofIssuing}`,
            'signed by none of the CAs in tls.ca',
            'add the certificate of that intermediate to tls.ca',
          ],
        },
      )
    },
  )

  it.each(backends)('is applied with its certificate in tls.ca: $backend', async ({ flags }) => {
    await using server = await startLockstep([
      ...[...args, ...flags, '--port', '0', '--tls-ca', files.both],
      ...['--tls-crl', files.ofRoot, '--tls-crl', files.ofIssuing],
    ])
    expect((await tlsExchange(server.port, as(good))).body).toContain('hello')
    await expect(tlsExchange(server.port, as(revoked))).rejects.toThrow()
    await server.waitFor('a list of tls.crl revokes it (CERT_REVOKED)')
  })

  it.each(backends)('is requested in the log if it is missing: $backend', async ({ flags }) => {
    await using server = await startLockstep([
      ...[...args, ...flags, '--port', '0', '--tls-ca', files.root, '--tls-crl', files.ofRoot],
    ])
    await expect(tlsExchange(server.port, as(good))).rejects.toThrow()
    await server.waitFor('each intermediate that clients send needs one too, and its certificate in tls.ca')
  })
})
