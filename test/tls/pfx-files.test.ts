// PKCS#12 files as other programs write them. If Node can open a file, Lockstep uses all of it.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createAuthority } from '@lockstep/certs'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Pair, pairFiles, write } from '../support/certificates.ts'
import { failedLaunch } from '../support/failed-launch.ts'
import { fixtures, runLockstep, startLockstep } from '../support/lockstep.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { tlsExchange } from '../support/tls-client.ts'

const hello = join(fixtures, 'apps/hello.js')
const folder = temporaryFolder()
const passphrase = write(folder, 'passphrase', 'secret')
let pair: Pair

beforeAll(async () => {
  pair = await pairFiles()
})

function pack(name: string, ...args: string[]): string {
  const file = join(folder, `${name}.p12`)
  const pem = ['-inkey', pair.key, '-in', pair.cert]
  execFileSync(
    'openssl',
    [
      'pkcs12',
      '-export',
      ...(args.includes('-in') ? [] : pem),
      '-passout',
      'pass:secret',
      ...args,
      '-out',
      file,
    ],
    { stdio: 'ignore' },
  )
  return write(folder, `${name}-own.p12`, readFileSync(file))
}

const check = (file: string, secret = passphrase): ReturnType<typeof runLockstep> =>
  runLockstep(['check', hello, '--port', '0', '--tls-pfx', file, '--tls-passphrase-file', secret])

it.each([
  {
    how: '3DES, as Windows and .NET do',
    args: ['-certpbe', 'PBE-SHA1-3DES', '-keypbe', 'PBE-SHA1-3DES', '-macalg', 'sha1'],
  },
  {
    how: '3DES only for the key',
    args: ['-certpbe', 'NONE', '-keypbe', 'PBE-SHA1-3DES', '-macalg', 'sha1'],
  },
  { how: 'PBES2 with 3DES', args: ['-certpbe', 'DES-EDE3-CBC', '-keypbe', 'DES-EDE3-CBC'] },
  { how: 'PBES2 with Camellia', args: ['-certpbe', 'CAMELLIA-256-CBC', '-keypbe', 'CAMELLIA-256-CBC'] },
  { how: 'PBES2 with AES', args: [] },
  { how: 'AES without an integrity check', args: ['-nomac'] },
])('a PKCS#12 file with $how is served', async ({ how, args }) => {
  const { code, stderr } = await check(pack(how.replaceAll(/\W/g, '-'), ...args))
  expect({ code, stderr }).toMatchObject({ code: 0 })
})

describe('a fault of a PKCS#12 file is reported', () => {
  it.each([
    { what: 'with an integrity check', args: [] },
    { what: 'without one', args: ['-nomac'] },
  ])('a wrong passphrase, $what', async ({ what, args }) => {
    const wrong = write(folder, 'wrong', 'other')
    const file = pack(`wrong-${what.replaceAll(' ', '-')}`, ...args)
    await failedLaunch(['check', hello, '--tls-pfx', file, '--tls-passphrase-file', wrong], {
      code: 'LOCKSTEP_ERR_TLS_PASSPHRASE_WRONG',
      says: ['does not open'],
    })
  })

  it('a certificate in it that is not part of the chain', async () => {
    const stray = await createAuthority({ commonName: 'stray CA' })
    const more = write(folder, 'stray.pem', stray.certPem)
    await failedLaunch(
      ['check', hello, '--tls-pfx', pack('stray', '-certfile', more), '--tls-passphrase-file', passphrase],
      {
        code: 'LOCKSTEP_ERR_TLS_PFX_INVALID',
        says: ['CN=stray CA', 'belongs to no key in it'],
      },
    )
  })

  it('another kind of file', async () => {
    const der = write(
      folder,
      'der.p12',
      execFileSync('openssl', ['x509', '-in', pair.cert, '-outform', 'DER']),
    )
    await failedLaunch(['check', hello, '--tls-pfx', der, '--tls-passphrase-file', passphrase], {
      code: 'LOCKSTEP_ERR_TLS_PFX_INVALID',
      says: ['is a certificate in DER, and no PKCS#12 file'],
    })
  })
})

it.skipIf(process.platform === 'win32')('a key from a pipe is read once, and kept for reloads', async () => {
  const through = ['bash', '-c', `exec "$@" --tls-key <(cat '${pair.key}')`, 'bash']
  await using server = await startLockstep(['run', hello, '--port', '0', '--tls-cert', pair.cert], {
    through,
  })
  expect(server.stderr()).toContain('is a pipe: it is read once')
  const { code, stdout, stderr } = await runLockstep(['reload', '--tls-only', '--pid', String(server.pid)], {
    env: { XDG_RUNTIME_DIR: server.runtimeFolder },
  })
  expect({ code, stdout, stderr }).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('Certificates and TLS settings have not changed'),
  })
  expect((await tlsExchange(server.port)).fingerprint256).toBe(pair.fingerprint256)
})
