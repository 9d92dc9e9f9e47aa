import { chmodSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { openssl } from '../../support/openssl.ts'
import { ownTrustStores } from '../../support/own-trust-stores.ts'
import { tlsExchange } from '../../support/tls-client.ts'
import type { RecipeWorld } from './recipe-world.ts'
import type { Story } from './story.ts'

const shop = { hosts: ['shop.example.com', 'localhost'] }
const ask = 'curl -sS https://localhost:8443/'

export const certificateStories: readonly Story[] = [
  {
    title: 'for development, a client trusts the local CA',
    uses: ['app', 'development', 'development-client'],
    async tell(world) {
      world.save('app')
      await using _server = await world.serve('development')
      await world.type(ask, { code: 60 })
      expect(await world.run('development-client')).toMatchObject({ stdout: 'Hello\n' })
    },
  },
  {
    title: 'for development, the machine is made to trust the local CA',
    uses: ['app', 'development', 'development-trust'],
    skippedBecause: ownTrustStores.canTry
      ? null
      : 'there are no mount namespaces or no update-ca-certificates',
    async tell(world) {
      world.save('app')
      await using _server = await world.serve('development')
      // With these variables, programs use only one file, and not the trust store of the machine.
      const storesOfTheMachine = ['env', '--unset=SSL_CERT_FILE', '--unset=CURL_CA_BUNDLE']
      const through = [...ownTrustStores.through(world.folder), ...storesOfTheMachine]
      const { stdout } = await world.run('development-trust', { through, deadlineMs: 60_000 })
      expect(stdout).toMatch(/✓ This machine trusts Lockstep local CA [\s\S]*Hello\n$/)
    },
  },
  {
    title: 'a certificate and its key are combined, checked, served and inspected',
    uses: [
      'app',
      'plain-pair',
      'plain-pair-wrong',
      'plain-pair-run',
      'plain-pair-inspect',
      'plain-pair-verdict',
    ],
    async tell(world) {
      world.save('app')
      const { chainPem, certPem, keyPem, fingerprint256 } = await world.issue(shop)
      const intermediate = chainPem.slice(certPem.length)
      world.write('leaf.pem', certPem)
      world.write('intermediate.pem', intermediate)
      world.write('certs/key.pem', keyPem, 0o644)
      expect((await world.run('plain-pair')).stdout).toContain(fingerprint256)
      expect(readFileSync(join(world.folder, 'certs/cert.pem'), 'utf8')).toBe(chainPem)

      await using server = await world.serve('plain-pair-run')
      expect(server.stdout()).toContain(fingerprint256)
      const inspected = await world.run('plain-pair-inspect')
      expect(inspected.stdout).toContain('Certificate 2 of 2, an intermediate')
      world.expectSeen('plain-pair-verdict', inspected.stdout)
      await world.type('lockstep cert inspect localhost:8443 --server-name other.example.com', { code: 4 })

      world.write('certs/cert.pem', intermediate + certPem)
      chmodSync(join(world.folder, 'certs/key.pem'), 0o644)
      const pair = '--tls-cert certs/cert.pem --tls-key certs/key.pem'
      const wrong = await world.type(`lockstep check app.js ${pair}`, { code: 4 })
      world.expectSeen('plain-pair-wrong', wrong.stderr)
    },
  },
  {
    title: 'a passphrase comes from a file, a program or the environment',
    uses: ['app', 'passphrase-file', 'passphrase-command'],
    async tell(world) {
      world.save('app')
      const passphrase = 'correct horse'
      await world.savePair({ ...shop, passphrase })
      world.write('certs/passphrase', `${passphrase}\n`, 0o644)
      await serves(world, 'passphrase-file')
      await world.type('lockstep check app.js --tls-cert certs/cert.pem --tls-key certs/key.pem', { code: 4 })
      world.provide('pass', `[ "$*" = 'show shop/tls' ] && echo '${passphrase}'`)
      await serves(world, 'passphrase-command')
      await world.type('lockstep check app.js --tls-cert certs/cert.pem --tls-key certs/key.pem', {
        env: { LOCKSTEP_TLS_PASSPHRASE: passphrase },
      })
    },
  },
  {
    title: 'each client gets the chain that it can verify',
    uses: ['app', 'dual', 'dual-client'],
    async tell(world) {
      world.save('app')
      await world.savePair(shop, 'ecdsa')
      await world.savePair({ ...shop, keyType: 'rsa-2048' }, 'rsa')
      await using _server = await world.serve('dual')
      const { stdout } = await world.run('dual-client')
      const [rsa, ecdsa, ...others] = stdout.trim().split('\n')
      expect(others).toEqual([])
      expect(rsa).toMatch(/: rsa[ -_]pss/i)
      expect(ecdsa).toMatch(/: ecdsa/i)
    },
  },
  {
    title: 'a .pfx file is served, and an old one is packed again',
    uses: ['app', 'pfx', 'pfx-convert'],
    async tell(world) {
      world.save('app')
      const { fingerprint256 } = await world.savePair(shop)
      const at = (name: string): string => join(world.folder, 'certs', name)
      world.write('certs/passphrase', 'correct horse\n')
      await openssl(
        ...['pkcs12', '-export', '-legacy', '-in', at('cert.pem'), '-inkey', at('key.pem')],
        ...['-passout', `file:${at('passphrase')}`, '-out', at('old.pfx')],
      )
      chmodSync(at('old.pfx'), 0o600)
      const old = 'lockstep check app.js --tls-pfx certs/old.pfx --tls-passphrase-file certs/passphrase'
      expect((await world.type(old, { code: 4 })).stderr).toContain('[LOCKSTEP_ERR_TLS_PFX_LEGACY]')
      await world.run('pfx-convert')
      await using server = await world.serve('pfx')
      expect((await tlsExchange(server.port)).fingerprint256).toBe(fingerprint256)
      expect((await world.type(ask)).stdout).toBe('Hello\n')
    },
  },
]

/** The recipe starts a server. A client that trusts the CA gets an answer. */
async function serves(world: RecipeWorld, recipe: string): Promise<void> {
  await using _server = await world.serve(recipe)
  expect((await world.type(ask)).stdout).toBe('Hello\n')
}
