import { expect } from 'vitest'
import { tlsExchange } from '../../support/tls-client.ts'
import type { RecipeWorld } from './recipe-world.ts'
import type { Story } from './story.ts'

const shop = { hosts: ['shop.example.com', 'localhost'] }

export const hostStories: readonly Story[] = [
  {
    title: 'each host shows its own certificate',
    uses: ['app', 'hosts-config', 'hosts', 'hosts-client'],
    async tell(world) {
      world.save('app')
      world.save('hosts-config')
      const leaves = await saveHosts(world)
      await using server = await world.serve('hosts')
      expect((await world.run('hosts-client')).stdout).toBe('Hello\n'.repeat(3))
      await expectLeaves(server.port, { ...leaves, 'nobody.example.net': leaves['shop.example.com'] ?? '' })
    },
  },
  {
    title: 'an unknown host is refused if that is configured',
    uses: ['app', 'hosts-flags', 'hosts-client'],
    async tell(world) {
      world.save('app')
      const leaves = await saveHosts(world)
      await using server = await world.serve('hosts-flags')
      expect((await world.run('hosts-client')).stdout).toBe('Hello\n'.repeat(3))
      await expectLeaves(server.port, leaves)
      await expect(tlsExchange(server.port, { servername: 'nobody.example.net' })).rejects.toThrow()
    },
  },
  {
    title: 'the modern profile refuses TLS 1.2',
    uses: ['app', 'policy', 'policy-client'],
    async tell(world) {
      world.save('app')
      await world.savePair(shop)
      await using _server = await world.serve('policy')
      expect((await world.run('policy-client')).stdout).toBe('Hello\nrefused\n')
    },
  },
  {
    title: 'lists of ciphers are obeyed, under both versions',
    uses: ['app', 'policy-list'],
    async tell(world) {
      world.save('app')
      await world.savePair(shop)
      await using _server = await world.serve('policy-list')
      const ask = (options: string): string => `curl -sS ${options} https://localhost:8443/`
      expect((await world.type(ask('--tls-max 1.2'))).stdout).toBe('Hello\n')
      await world.type(ask('--tls-max 1.2 --ciphers ECDHE-ECDSA-AES128-GCM-SHA256'), { code: 'failure' })
      expect((await world.type(ask('--tlsv1.3'))).stdout).toBe('Hello\n')
      await world.type(ask('--tlsv1.3 --tls13-ciphers TLS_AES_128_GCM_SHA256'), { code: 'failure' })
    },
  },
  {
    title: 'HTTP/2 is used with clients that support it',
    uses: ['app', 'http2', 'http2-client'],
    async tell(world) {
      world.save('app')
      await world.savePair(shop)
      await using _server = await world.serve('http2')
      expect((await world.run('http2-client')).stdout).toBe('2\n1.1\n')
    },
  },
  {
    title: 'plain HTTP is redirected, and HTTPS sends HSTS',
    uses: ['app', 'redirect', 'redirect-client'],
    async tell(world) {
      world.save('app')
      await world.savePair(shop)
      await using server = await world.serve('redirect')
      const [first = '', second = ''] = (await world.run('redirect-client')).stdout.split('HTTP/1.1 200')
      expect(first).toMatch(/^HTTP\/1\.1 308 /)
      expect(first).toMatch(new RegExp(`^Location: https://localhost:${server.port}/cart\\r$`, 'm'))
      expect(first).not.toMatch(/strict-transport-security/i)
      expect(second).toMatch(/^Strict-Transport-Security: max-age=86400\r$/m)
      const foreign = await world.type('curl -sSi -H "Host: other.example.net" http://localhost:80/')
      expect(foreign.stdout).toMatch(/^HTTP\/1\.1 421 /)
    },
  },
]

/** The pairs that the recipes of the two hosts name, and the leaf for each host that a client may request. */
async function saveHosts(world: RecipeWorld): Promise<Record<string, string>> {
  const api = await world.savePair({ hosts: ['api.example.com'] }, 'api')
  const org = await world.savePair({ hosts: ['*.example.org'] }, 'org')
  const { fingerprint256 } = await world.savePair(shop)
  return {
    'api.example.com': api.fingerprint256,
    'www.example.org': org.fingerprint256,
    'shop.example.com': fingerprint256,
    '': fingerprint256,
  }
}

async function expectLeaves(port: number, leaves: Record<string, string>): Promise<void> {
  for (const [servername, leaf] of Object.entries(leaves))
    expect((await tlsExchange(port, { servername })).fingerprint256, servername).toBe(leaf)
}
