// What clients may not accept about a certificate that a server can still use: `check` and `run` warn.
import { createServer } from 'node:net'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { createAuthority } from '@lockstep/certs'
import { describe, expect, it } from 'vitest'
import { pairFiles, write } from '../support/certificates.ts'
import { fixtures, runLockstep, startLockstep } from '../support/lockstep.ts'
import { openssl } from '../support/openssl.ts'
import { isOnPath } from '../support/programs.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const hello = join(fixtures, 'apps/hello.js')

async function check(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await runLockstep(['check', hello, '--port', '0', ...args])
  expect(code, stderr).toBe(0)
  return stdout + stderr
}

describe.skipIf(!isOnPath('openssl'))('a leaf without its intermediate', async () => {
  const folder = temporaryFolder()
  const { certPem, keyPem } = await createAuthority({ commonName: 'an intermediate' })
  const ca = ['-CA', write(folder, 'ca.pem', certPem), '-CAkey', write(folder, 'ca.key', keyPem)]

  /** A leaf that names the place of its issuer, as those of public CAs do, or not. */
  async function leaf(name: string, ...extensions: string[]): Promise<string[]> {
    const [cert, key] = [join(folder, `${name}.pem`), join(folder, `${name}.key`)]
    const fields = ['-subj', '/CN=a leaf', '-addext', 'subjectAltName=DNS:localhost', ...extensions]
    const kind = ['-addext', 'basicConstraints=critical,CA:FALSE', '-newkey', 'rsa:2048', '-nodes']
    await openssl('req', '-x509', ...ca, ...kind, ...fields, '-keyout', key, '-out', cert)
    return ['--tls-cert', cert, '--tls-key', key]
  }
  const publicly = ['-addext', 'authorityInfoAccess=caIssuers;URI:http://ca.test/ca.der']
  const warning = 'comes alone, and its issuer (CN=an intermediate) is not a root that this machine knows'

  it('causes a warning by check and by run if its CA is a public one', async () => {
    const flags = await leaf('public', ...publicly)
    expect(await check(...flags)).toContain(warning)
    await using server = await startLockstep(['run', hello, '--port', '0', ...flags])
    await server.waitFor(warning)
  })

  it('causes none if the issuer is there, or may be the root of a private CA', async () => {
    const [, cert = '', ...key] = await leaf('complete', ...publicly)
    const chain = write(folder, 'chain.pem', (await openssl('x509', '-in', cert)) + certPem)
    expect(await check('--tls-cert', chain, ...key)).not.toContain('comes alone')
    expect(await check(...(await leaf('private')))).not.toContain('comes alone')
  })
})

/** The name of this machine, if it can be bound. */
const name = hostname()
const isBindable = await new Promise<boolean>((resolve) => {
  const server = createServer()
    .once('error', () => resolve(false))
    .listen(0, name, () => server.close(() => resolve(true)))
})

describe.skipIf(!isBindable)(
  `a certificate for another host than the bound one${isBindable ? '' : ` (skipped: ${name} can't be bound)`}`,
  () => {
    it('causes a warning by check and by run', async () => {
      const { cert, key } = await pairFiles({ hosts: ['shop.test'] })
      const flags = ['--tls-cert', cert, '--tls-key', key, '--host', name]
      const warning = `No certificate is for ${name}, where the server is bound (--host). The certificates name shop.test`
      expect(await check(...flags)).toContain(warning)
      await using server = await startLockstep(['run', hello, '--port', '0', ...flags])
      await server.waitFor(warning)
    })

    it('causes none if a certificate covers it, or if an IP address or localhost is bound', async () => {
      const shop = await pairFiles({ hosts: ['shop.test'] })
      for (const host of ['127.0.0.1', 'localhost'])
        expect(await check('--tls-cert', shop.cert, '--tls-key', shop.key, '--host', host)).not.toContain(
          'No certificate is for',
        )
      const own = await pairFiles({ hosts: [name] })
      expect(await check('--tls-cert', own.cert, '--tls-key', own.key, '--host', name)).not.toContain(
        'No certificate is for',
      )
    })
  },
)
