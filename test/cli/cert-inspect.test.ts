import { once } from 'node:events'
import { createServer, type TlsOptions } from 'node:tls'
import { createAuthority, issueCertificate } from '@lockstep/certs'
import { describe, expect, it } from 'vitest'
import { pairFiles, write } from '../support/certificates.ts'
import { failedLaunch, freePort, holdPort, reportedCodes } from '../support/failed-launch.ts'
import { runLockstep, startLockstep } from '../support/lockstep.ts'
import { openssl } from '../support/openssl.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const dayMs = 86_400_000
const fromNow = (days: number): Date => new Date(Date.now() + days * dayMs)

interface Report {
  connection: Record<string, string | null> | null
  certificates: Record<string, unknown>[]
  findings: { code: string; severity: string; certificate: number | null }[]
  root: { subject: string; trustedBy: string } | null
}

/** Returns the report as JSON. The exit code must agree with it. */
async function inspect(args: readonly string[], env: Record<string, string> = {}): Promise<Report> {
  const { code, stdout, stderr } = await runLockstep(['cert', 'inspect', ...args, '--json'], { env })
  expect(stderr).toBe('')
  const report = JSON.parse(stdout) as Report
  expect(code).toBe(report.findings.some(({ severity }) => severity === 'wrong') ? 4 : 0)
  return report
}

function codesOf({ findings }: Report): string[] {
  return findings.map(({ code, certificate }) => (certificate === null ? code : `${certificate} ${code}`))
}

describe('cert inspect of a file', () => {
  it('shows every certificate of a chain in order, and where the chain ends', async () => {
    const root = await createAuthority({ commonName: 'a root' })
    const issuer = await createAuthority({ commonName: 'an intermediate', issuer: root })
    const { cert, fingerprint256 } = await pairFiles({ authority: issuer, hosts: ['shop.example'] })
    const ca = write(temporaryFolder(), 'root.pem', root.certPem)
    const { code, stdout } = await runLockstep(['cert', 'inspect', cert, '--ca', ca])
    expect(code).toBe(0)
    const [leaf = '', intermediate = '', verdict, ...others] = stdout.split('\n\n')
    expect(others).toEqual([])
    expect(leaf).toMatch(
      /^Certificate 1 of 2, a leaf\n[\s\S]*subject +CN=shop\.example\n +issuer +CN=an intermediate\n/,
    )
    expect(leaf).toMatch(new RegExp(`SHA-256 +${fingerprint256}$`))
    expect(leaf).toMatch(/valid .*\(89 days left\)\n +key +EC P-256\n +signature +ECDSA with SHA-256\n/)
    expect(intermediate).toMatch(/^Certificate 2 of 2, an intermediate\n[\s\S]*authority +yes\n/)
    expect(intermediate).toContain(issuer.fingerprint256)
    expect(verdict).toBe('✓ Complete: it ends in CN=a root, which --ca names.\n')
  })

  it('reads DER too, and agrees with openssl, as JSON', async () => {
    const { cert } = await pairFiles()
    const der = `${temporaryFolder()}/cert.der`
    await openssl('x509', '-in', cert, '-outform', 'DER', '-out', der)
    const report = await inspect([der])
    const [facts, ...others] = report.certificates
    expect(others).toEqual([])
    const x509 = await openssl(
      'x509',
      '-in',
      cert,
      '-noout',
      '-serial',
      '-fingerprint',
      '-sha256',
      '-enddate',
    )
    expect(x509).toContain(`serial=${facts?.['serialNumber']}\n`)
    expect(x509).toContain(`Fingerprint=${facts?.['fingerprint256']}\n`)
    expect(new Date(/notAfter=(.+)/.exec(x509)?.[1] ?? '').toISOString()).toBe(facts?.['notAfter'])
    expect(facts).toMatchObject({
      subject: 'CN=localhost',
      selfSigned: true,
      isAuthority: false,
      subjectAltNames: ['localhost', '127.0.0.1', '::1'],
    })
    expect(codesOf(report)).toEqual(['1 self-signed'])
    expect(codesOf(await inspect([der, '--ca', cert]))).toEqual([])
  })

  it('reads PKCS#12 with its passphrase from a file', async () => {
    const folder = temporaryFolder()
    const root = await createAuthority({ commonName: 'a root' })
    const authority = await createAuthority({ commonName: 'an intermediate', issuer: root })
    const { cert, key, fingerprint256 } = await pairFiles({ authority }, folder)
    const bundle = `${folder}/both.p12`
    await openssl('pkcs12', '-export', '-in', cert, '-inkey', key, '-passout', 'pass:geheim', '-out', bundle)
    const file = write(folder, 'passphrase', 'geheim\n')
    const report = await inspect([bundle, '--passphrase-file', file])
    expect(report.certificates.map((each) => each['fingerprint256'])).toEqual([
      fingerprint256,
      authority.fingerprint256,
    ])
    for (const [args, says] of [
      [[], 'has a passphrase, and none is given'],
      [['--passphrase-file', write(folder, 'wrong', 'falsch')], 'does not open'],
    ] as const) {
      const refused = await runLockstep(['cert', 'inspect', bundle, ...args])
      expect(refused).toMatchObject({ code: 4, stdout: '' })
      expect(refused.stderr).toContain(says)
      expect(reportedCodes(refused.stderr)).toEqual(['LOCKSTEP_ERR_TLS_PASSPHRASE_WRONG'])
    }
    const old = `${folder}/old.p12`
    const legacy = ['pkcs12', '-export', '-legacy', '-in', cert, '-inkey', key, '-passout', 'pass:geheim']
    await openssl(...legacy, '-out', old)
    const refused = await runLockstep(['cert', 'inspect', old, '--passphrase-file', file])
    expect(refused.stderr).toContain('takes no more (RC2 or RC4)')
  })

  it('shows the content of a PKCS#12 file even if its key is too weak, and says what is missing', async () => {
    const folder = temporaryFolder()
    const [cert, key] = [`${folder}/weak.pem`, `${folder}/weak-key.pem`]
    const weak = ['-newkey', 'rsa:1024', '-nodes', '-keyout', key, '-subj', '/CN=localhost']
    await openssl('req', '-x509', ...weak, '-addext', 'subjectAltName=DNS:localhost', '-out', cert)
    const bundle = `${folder}/weak.p12`
    await openssl('pkcs12', '-export', '-in', cert, '-inkey', key, '-passout', 'pass:', '-out', bundle)
    expect(codesOf(await inspect([bundle]))).toEqual(['1 weak-key'])
    await failedLaunch(['run', 'apps/hello.js', '--tls-pfx', bundle], {
      code: 'LOCKSTEP_ERR_TLS_KEY_WEAK',
      says: ['1024'],
    })

    const bare = `${folder}/bare.p12`
    await openssl('pkcs12', '-export', '-nokeys', '-in', cert, '-passout', 'pass:', '-out', bare)
    const refused = await runLockstep(['cert', 'inspect', bare])
    expect(refused).toMatchObject({ code: 4, stdout: '' })
    expect(refused.stderr).toContain('holds no private key')
  })

  it.each([
    { state: 'expired', dates: { notBefore: fromNow(-10), notAfter: fromNow(-1) }, code: 'expired' },
    { state: 'not yet valid', dates: { notBefore: fromNow(1) }, code: 'not-yet-valid' },
    { state: 'near its end', dates: { notBefore: fromNow(-61), notAfter: fromNow(29) }, code: 'ends-soon' },
  ])('says that a leaf is $state', async ({ dates, code }) => {
    const authority = await createAuthority({ commonName: 'a root', notBefore: fromNow(-90) })
    const { cert } = await pairFiles({ authority, ...dates })
    const ca = write(temporaryFolder(), 'root.pem', authority.certPem)
    expect(codesOf(await inspect([cert, '--ca', ca]))).toEqual([`1 ${code}`])
  })

  it.each([
    { fault: 'the CA first', order: [1, 0, 2], codes: ['2 wrong-order'] },
    { fault: 'intermediates the wrong way round', order: [0, 2, 1], codes: ['1 wrong-order', '3 stray'] },
    { fault: 'a certificate of another chain in it', order: [0, 1, 2, 3], codes: ['4 stray'] },
    { fault: 'the intermediate missing', order: [0], codes: ['1 unknown-issuer'] },
    { fault: 'nothing wrong', order: [0, 1, 2], codes: [] },
  ])('finds $fault', async ({ order, codes }) => {
    const root = await createAuthority({ commonName: 'a root' })
    const outer = await createAuthority({ commonName: 'outer', issuer: root })
    const inner = await createAuthority({ commonName: 'inner', issuer: outer })
    const stranger = await createAuthority({ commonName: 'stranger' })
    const { certPem } = await issueCertificate({ authority: inner, hosts: ['localhost'] })
    const pems = [certPem, inner.certPem, outer.certPem, stranger.certPem]
    const folder = temporaryFolder()
    const chain = write(folder, 'chain.pem', order.map((place) => pems[place]).join(''))
    const ca = write(folder, 'root.pem', root.certPem)
    const report = await inspect([chain, '--ca', ca])
    // The issuers may be in any order. Only an issuer that is not in the file at all is missing.
    expect(codesOf(report).filter((code) => code !== '2 unknown-issuer')).toEqual(codes)
  })

  it('distinguishes a missing intermediate of a public CA from an unknown CA', async () => {
    const folder = temporaryFolder()
    const [cert, key] = [`${folder}/cert.pem`, `${folder}/key.pem`]
    const { certPem, keyPem } = await createAuthority({ commonName: 'a CA' })
    const ca = ['-CA', write(folder, 'ca.pem', certPem), '-CAkey', write(folder, 'ca.key', keyPem)]
    const names = ['-subj', '/CN=a leaf', '-addext', 'subjectAltName=DNS:shop.test']
    const where = ['-addext', 'authorityInfoAccess=caIssuers;URI:http://ca.test/ca.der']
    const basics = ['-addext', 'basicConstraints=critical,CA:FALSE', '-newkey', 'rsa:2048', '-nodes']
    await openssl('req', '-x509', ...ca, ...basics, ...names, ...where, '-keyout', key, '-out', cert)
    expect(codesOf(await inspect([cert]))).toEqual(['1 missing-intermediate'])
  })

  it('finds a weak key, a weak signature, and a certificate that names no host', async () => {
    const folder = temporaryFolder()
    const [cert, key] = [`${folder}/cert.pem`, `${folder}/key.pem`]
    const { certPem, keyPem } = await createAuthority({ commonName: 'a CA' })
    const ca = ['-CA', write(folder, 'ca.pem', certPem), '-CAkey', write(folder, 'ca.key', keyPem)]
    const basics = ['-addext', 'basicConstraints=critical,CA:FALSE', '-newkey', 'rsa:1024', '-nodes', '-sha1']
    await openssl('req', '-x509', ...ca, ...basics, '-subj', '/CN=a', '-keyout', key, '-out', cert)
    const report = await inspect([cert, '--ca', `${folder}/ca.pem`])
    expect(codesOf(report)).toEqual(['1 weak-key', '1 weak-signature', '1 no-names'])
  })

  it('does not mistake a collection of roots for a chain', async () => {
    const roots = [await createAuthority({ commonName: 'one' }), await createAuthority({ commonName: 'two' })]
    const file = write(temporaryFolder(), 'roots.pem', roots.map(({ certPem }) => certPem).join(''))
    expect(codesOf(await inspect([file]))).toEqual([])
  })

  it.each([
    { content: 'nothing', text: '', says: 'The file is empty.' },
    { content: 'garbage', text: 'garbage\n', says: 'holds no certificate' },
    { content: 'another kind of PEM', text: pemOf('PRIVATE KEY'), says: 'no certificate, but a PRIVATE KEY' },
    { content: 'a certificate that is cut off', text: pemOf('CERTIFICATE'), says: "can't be parsed" },
    { content: 'UTF-16', text: Buffer.from(pemOf('CERTIFICATE'), 'utf16le'), says: 'saved as UTF-16' },
    { content: 'DER of another kind', text: Buffer.from([0x30, 0x03, 1, 2, 3]), says: 'not to be parsed' },
  ])('with $content says what is wrong', async ({ text, says }) => {
    const file = write(temporaryFolder(), 'some.pem', text)
    const { code, stdout, stderr } = await runLockstep(['cert', 'inspect', file])
    expect({ code, stdout }).toEqual({ code: 4, stdout: '' })
    expect(stderr).toContain(file)
    expect(stderr).toContain(says)
    expect(reportedCodes(stderr)).toEqual(['LOCKSTEP_ERR_TLS_CERT_INVALID'])
  })

  it.each([
    { args: ['missing.pem'], code: 4, error: 'LOCKSTEP_ERR_TLS_FILE_UNREADABLE' },
    { args: ['apps'], code: 4, error: 'LOCKSTEP_ERR_TLS_FILE_UNREADABLE' },
    { args: [], code: 2, error: 'LOCKSTEP_ERR_COMMAND_UNKNOWN' },
  ])('named $args says so', async ({ args, code, error }) => {
    const finished = await runLockstep(['cert', 'inspect', ...args])
    expect(finished).toMatchObject({ code, stdout: '' })
    expect(reportedCodes(finished.stderr)).toEqual([error])
  })
})

describe('cert inspect of a server', () => {
  it('shows the served certificate, protocol and cipher', async () => {
    const { cert, key, fingerprint256 } = await pairFiles()
    await using server = await startLockstep([
      ...['run', 'apps/hello.js', '--port', '0', '--cert', cert, '--key', key],
      ...['--tls-max-version', 'TLSv1.2'],
    ])
    const report = await inspect([`127.0.0.1:${server.port}`, '--ca', cert])
    expect(report.certificates).toMatchObject([{ fingerprint256 }])
    expect(report.connection).toMatchObject({
      protocol: 'TLSv1.2',
      cipher: expect.stringMatching(/^TLS_ECDHE_ECDSA_WITH_AES_128_GCM/),
      alpn: 'http/1.1',
      refusal: null,
    })
    expect(codesOf(report)).toEqual([])
    const people = await runLockstep(['cert', 'inspect', server.url, '--ca', cert])
    expect(people.stdout).toMatch(/\n +protocol +TLSv1\.2\n +cipher +TLS_ECDHE_ECDSA/)
  })

  it('recognises the local CA, and says that this machine does not trust it', async () => {
    const env = { XDG_DATA_HOME: temporaryFolder() }
    await using server = await startLockstep(['run', 'apps/hello.js', '--port', '0', '--tls-self-signed'], {
      env,
    })
    const report = await inspect([`localhost:${server.port}`], env)
    expect(codesOf(report)).toEqual(['local-root-not-trusted'])
    expect(report.root).toMatchObject({ trustedBy: 'local CA' })
  })

  it('finds a chain that the server sends in the wrong order', async () => {
    const root = await createAuthority({ commonName: 'a root' })
    const outer = await createAuthority({ commonName: 'outer', issuer: root })
    const inner = await createAuthority({ commonName: 'inner', issuer: outer })
    const { certPem, keyPem } = await issueCertificate({ authority: inner, hosts: ['127.0.0.1'] })
    await using server = await serve({ cert: certPem + outer.certPem + inner.certPem, key: keyPem })
    const ca = write(temporaryFolder(), 'root.pem', root.certPem)
    expect(codesOf(await inspect([server.address, '--ca', ca]))).toEqual(['1 wrong-order', '3 stray'])
  })

  it('finds that a certificate is not valid for the host or for the requested name', async () => {
    const { cert, certPem, keyPem } = await pairFiles({ hosts: ['shop.test'] })
    await using server = await serve({ cert: certPem, key: keyPem })
    expect(codesOf(await inspect([server.address, '--ca', cert]))).toEqual(['1 wrong-host'])
    const named = ['--server-name', 'shop.test', '--ca', cert]
    expect(codesOf(await inspect([server.address, ...named]))).toEqual([])
  })

  it('reports what only OpenSSL checks: a name that the CA may not issue', async () => {
    const authority = await createAuthority({ commonName: 'limited', onlyPrivateNames: true })
    const { certPem, keyPem } = await issueCertificate({ authority, hosts: ['bank.com', '127.0.0.1'] })
    await using server = await serve({ cert: certPem, key: keyPem })
    const ca = write(temporaryFolder(), 'root.pem', authority.certPem)
    const report = await inspect([server.address, '--ca', ca])
    expect(codesOf(report)).toEqual(['refused'])
    expect(report.connection).toMatchObject({ refusal: 'UNSPECIFIED' })
  })

  it.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'shows the certificate of a server that requires a client certificate, under %s',
    async (version) => {
      const { cert, certPem, keyPem, fingerprint256 } = await pairFiles()
      await using server = await serve({
        cert: certPem,
        key: keyPem,
        ca: certPem,
        requestCert: true,
        maxVersion: version,
      })
      const report = await inspect([server.address, '--ca', cert])
      expect(report.certificates).toMatchObject([{ fingerprint256 }])
      expect(codesOf(report)).toEqual([])
    },
  )

  it('says so when nothing listens, and when the server does not speak TLS', async () => {
    await using plain = await startLockstep(['run', 'apps/hello.js', '--port', '0'])
    await using cutting = await holdPort()
    for (const [port, says] of [
      [await freePort(), 'no program listens there'],
      [plain.port, 'does not speak TLS'],
      [cutting.port, 'was cut in the handshake'],
    ] as const) {
      const { code, stdout, stderr } = await runLockstep(['cert', 'inspect', `127.0.0.1:${port}`])
      expect({ code, stdout }).toEqual({ code: 4, stdout: '' })
      expect(stderr).toContain(`127.0.0.1:${port} shows no certificate: `)
      expect(stderr).toContain(says)
      expect(reportedCodes(stderr)).toEqual(['LOCKSTEP_ERR_CERT_UNREACHABLE'])
    }
  })
})

async function serve(options: TlsOptions): Promise<AsyncDisposable & { readonly address: string }> {
  const server = createServer(options, (socket) => socket.resume())
  server.on('tlsClientError', () => undefined).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return {
    address: `127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    async [Symbol.asyncDispose]() {
      server.close()
      await once(server, 'close')
    },
  }
}

/** PEM with meaningless content. */
function pemOf(label: string): string {
  return `-----BEGIN ${label}-----\nMAMBAgM=\n-----END ${label}-----\n`
}
