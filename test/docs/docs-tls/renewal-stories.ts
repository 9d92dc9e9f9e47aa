import { chmodSync, chownSync, mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { IssuedCertificate } from '@lockstep/certs'
import { expect } from 'vitest'
import type { Started } from '../../support/lockstep.ts'
import { tlsExchange } from '../../support/tls-client.ts'
import { waitUntil } from '../../support/wait-until.ts'
import type { RecipeWorld } from './recipe-world.ts'
import type { Story } from './story.ts'

const shop = { hosts: ['shop.example.com', 'localhost'] }
const isRoot = process.getuid?.() === 0

export const renewalStories: readonly Story[] = [
  {
    title: 'a renewed pair is served without a restart: automatically, by the command, by the signal',
    uses: ['app', 'renewal', 'renewal-command', 'renewal-signal', 'renewal-bad'],
    async tell(world) {
      world.save('app')
      await world.savePair(shop)
      await using server = await world.serve('renewal')
      const processes = server.processes()
      await expectServed(server, await world.savePair(shop))

      const { keyPem } = await world.issue(shop)
      const before = await world.savePair(shop)
      await expectServed(server, before)
      world.write('certs/key.pem', keyPem)
      const bad = await world.run('renewal-command', { code: 4 })
      world.expectSeen('renewal-bad', bad.stderr)
      expect((await world.type('lockstep status')).stdout).toContain('LOCKSTEP_ERR_TLS_KEY_MISMATCH')
      await expectServed(server, before)
      world.write('certs/key.pem', before.keyPem)
      await world.run('renewal-command')

      expect(server.processes()).toEqual(processes)

      await world.run('renewal-signal')
      await server.waitFor('every worker was replaced')
      await expectServed(server, before)
    },
  },
  {
    title: 'a launch from code reloads at a signal, and survives a bad pair',
    uses: ['app', 'renewal-api', 'renewal-api-run'],
    async tell(world) {
      world.save('app')
      world.save('renewal-api')
      const { keyPem } = await world.savePair(shop)
      await using server = await world.serve('renewal-api-run')
      const renewed = await world.savePair(shop)
      world.write('certs/key.pem', keyPem)
      server.signal('SIGHUP')
      await server.waitFor(/^not reloaded: .* does not belong to the certificate/m)
      world.write('certs/key.pem', renewed.keyPem)
      server.signal('SIGHUP')
      await server.waitFor('"type":"reloaded"')
      await expectServed(server, renewed)
      server.signal('SIGTERM')
      expect(await server.finished()).toMatchObject({ code: 0 })
    },
  },
  {
    title: 'a renewal by Certbot is served without a hook',
    uses: ['app', 'certbot'],
    async tell(world) {
      world.save('app')
      const certbot = certbotFolder(world)
      certbot.renew(await world.issue(shop))
      await using server = await world.serve('certbot')
      for (let round = 0; round < 2; round += 1) {
        const renewed = await world.issue(shop)
        certbot.renew(renewed)
        await expectServed(server, renewed)
      }
    },
  },
  {
    title: "Certbot's folders become readable for a server with its own user",
    uses: ['app', 'certbot', 'certbot-group'],
    skippedBecause: isRoot ? null : 'only root can give files to a group',
    async tell(world) {
      world.save('app')
      const certbot = certbotFolder(world)
      certbot.renew(await world.issue(shop))
      const uid = 12_345
      await world.type(certbot.checkCommand, { uid, code: 4 })
      // The machine of the tests does not have a group "shop".
      world.provide('chgrp', `shift; command -p chgrp ${uid} "$@"`)
      await world.run('certbot-group')
      await using server = await world.serve('certbot', { uid })
      expect(server.stderr()).toBe('')
      const renewed = await world.issue(shop)
      certbot.renew(renewed, { group: uid })
      await expectServed(server, renewed)
    },
  },
]

/** Clients finally see this leaf, although no server was restarted. */
async function expectServed(server: Started, { fingerprint256 }: IssuedCertificate): Promise<void> {
  await waitUntil(async () => (await tlsExchange(server.port)).fingerprint256 === fingerprint256, {
    what: () => `the new leaf after ${server.stdout()}${server.stderr()}`,
  })
}

/** `/etc/letsencrypt` as Certbot makes and renews it: numbered files, and links that are changed one after the other. */
function certbotFolder(world: RecipeWorld): {
  renew(issued: IssuedCertificate, kept?: { group: number }): void
  readonly checkCommand: string
} {
  const etc = world.relocate('/etc/letsencrypt')
  const [live, archive] = ['live', 'archive'].map((name) => join(etc, name)) as [string, string]
  for (const folder of [live, archive]) {
    mkdirSync(folder, { mode: 0o700 })
    mkdirSync(join(folder, 'shop.example.com'), { mode: 0o755 })
  }
  let version = 0
  const put = (name: string, text: string, mode: number): string => {
    const file = `shop.example.com/${name}${version}.pem`
    writeFileSync(join(archive, file), text, { mode })
    const link = join(live, `shop.example.com/${name}.pem`)
    symlinkSync(join('../../archive', file), `${link}.new`)
    renameSync(`${link}.new`, link)
    return join(archive, file)
  }
  const pair = ['cert', 'key'].map(
    (half) =>
      `--tls-${half} /etc/letsencrypt/live/shop.example.com/${half === 'cert' ? 'fullchain' : 'privkey'}.pem`,
  )
  return {
    checkCommand: `lockstep check app.js ${pair.join(' ')}`,
    renew({ chainPem, keyPem }, kept) {
      version += 1
      const key = put('privkey', keyPem, 0o600)
      // Copied from the previous key (storage.py, save_successor).
      if (kept) {
        chownSync(key, 0, kept.group)
        chmodSync(key, 0o640)
      }
      put('fullchain', chainPem, 0o644)
    },
  }
}
