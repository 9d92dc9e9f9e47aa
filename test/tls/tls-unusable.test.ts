// Settings and certificates that are each valid, but with which no handshake can succeed.
import { execFileSync } from 'node:child_process'
import { readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Pair, pairFiles, write } from '../support/certificates.ts'
import { failedLaunch } from '../support/failed-launch.ts'
import { fixtures, runLockstep, startLockstep } from '../support/lockstep.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { tlsExchange } from '../support/tls-client.ts'

const hello = join(fixtures, 'apps/hello.js')
const folder = temporaryFolder()
let rsa: Pair
let ecdsa: Pair
let strange: { cert: string; key: string }

beforeAll(async () => {
  rsa = await pairFiles({ keyType: 'rsa-2048' })
  ecdsa = await pairFiles({})
  strange = { cert: join(folder, 'k1.pem'), key: write(folder, 'k1-key.pem', '') }
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-days', '30']
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:secp256k1', '-nodes']
  execFileSync(
    'openssl',
    ['req', '-x509', ...key, '-keyout', strange.key, '-out', strange.cert, ...subject],
    {
      stdio: 'ignore',
    },
  )
})

const flags = ({ cert, key }: { cert: string; key: string }): string[] => [
  '--tls-cert',
  cert,
  '--tls-key',
  key,
]

describe('a launch that no client could use is refused, and the error names the option', () => {
  it.each([
    {
      what: 'ciphers for another type of key',
      args: () => [
        ...flags(rsa),
        '--tls-max-version',
        'TLSv1.2',
        '--tls-ciphers',
        'ECDHE-ECDSA-AES128-GCM-SHA256',
      ],
      code: 'LOCKSTEP_ERR_TLS_CHAIN_UNUSABLE',
      says: ['--tls-ciphers', 'no shared cipher'],
    },
    {
      what: 'a key on a curve that TLS does not use',
      args: () => flags(strange),
      code: 'LOCKSTEP_ERR_TLS_CHAIN_UNUSABLE',
      says: ['secp256k1', 'Have a certificate issued for another type of key'],
    },
    {
      what: 'TLS 1.2 that is promised, with ciphers for another type of key',
      args: () => [
        ...flags(rsa),
        '--tls-min-version',
        'TLSv1.2',
        '--tls-ciphers',
        'ECDHE-ECDSA-AES128-GCM-SHA256',
      ],
      code: 'LOCKSTEP_ERR_TLS_VERSION_UNUSABLE',
      says: ['TLS 1.2', '--tls-ciphers', '--tls-min-version TLSv1.3'],
    },
    {
      what: 'TLS 1.2 that is promised, with a group that it does not have',
      args: () => [...flags(rsa), '--tls-min-version', 'TLSv1.2', '--tls-groups', 'X25519MLKEM768'],
      code: 'LOCKSTEP_ERR_TLS_VERSION_UNUSABLE',
      says: ['TLS 1.2', '--tls-groups'],
    },
  ])('$what', async ({ args, code, says }) => {
    await failedLaunch(['check', hello, ...args()], { code, says })
  })
})

it('a default TLS version that cannot be used causes a warning', async () => {
  const { code, stdout, stderr } = await runLockstep([
    'check',
    hello,
    '--port',
    '0',
    ...flags(rsa),
    '--tls-groups',
    'X25519MLKEM768',
  ])
  expect(code).toBe(0)
  expect(stdout + stderr).toContain('No handshake with TLS 1.2 can succeed with --tls-groups as it is')
})

it.each(['1', '2'])('ciphers of static RSA are served, with %s workers', async (workers) => {
  const policy = ['--tls-max-version', 'TLSv1.2', '--tls-ciphers', 'AES128-GCM-SHA256']
  await using server = await startLockstep([
    'run',
    hello,
    '--port',
    '0',
    '--workers',
    workers,
    ...flags(rsa),
    ...policy,
  ])
  expect((await tlsExchange(server.port, { ciphers: 'AES128-GCM-SHA256' })).version).toBe('TLSv1.2')
})

it('a renewal with a key type that does not fit the ciphers is refused before any worker gets it', async () => {
  const here = temporaryFolder()
  const served = { cert: write(here, 'cert.pem', rsa.certPem), key: write(here, 'key.pem', rsa.keyPem) }
  const policy = ['--tls-max-version', 'TLSv1.2', '--tls-ciphers', 'ECDHE-RSA-AES128-GCM-SHA256']
  await using server = await startLockstep(['run', hello, '--port', '0', ...flags(served), ...policy])
  write(here, 'k', readFileSync(ecdsa.key))
  renameSync(join(here, 'k'), served.key)
  write(here, 'c', readFileSync(ecdsa.cert))
  renameSync(join(here, 'c'), served.cert)
  await server.waitFor('cannot be used with --tls-ciphers as it is')
  expect(server.stderr()).not.toContain('in use by every worker')
  expect((await tlsExchange(server.port)).fingerprint256).toBe(rsa.fingerprint256)
})
