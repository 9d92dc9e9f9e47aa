import { expect } from 'vitest'
import type { RecipeWorld } from './recipe-world.ts'
import type { Story } from './story.ts'

const shop = { hosts: ['shop.example.com', 'localhost'] }
const asNobody = 'curl -sS https://localhost:8443/'

export const clientStories: readonly Story[] = [
  {
    title: 'a client without a certificate of the CA is refused',
    uses: ['app', 'clients-ca', 'clients-require', 'clients-call'],
    async tell(world) {
      world.save('app')
      await world.savePair(shop)
      await world.run('clients-ca')
      await using _server = await world.serve('clients-require')
      expect((await world.run('clients-call')).stdout).toBe('Hello\n')
      expect((await world.type(asNobody, { code: 'failure' })).stdout).toBe('')
      await callAsStranger(world, { refused: true })
    },
  },
  {
    title: 'a Node app sees only the verified client',
    uses: ['clients-app', 'clients-ca', 'clients-request', 'clients-call'],
    tell: (world) => tellsTheApp(world, 'clients-app'),
  },
  {
    title: 'a Fetch API app sees only the verified client',
    uses: ['clients-fetch-app', 'clients-ca', 'clients-request', 'clients-call'],
    tell: (world) => tellsTheApp(world, 'clients-fetch-app'),
  },
  {
    title: 'a client is refused as soon as the list names it, without a restart',
    uses: [
      ...['app', 'clients-ca', 'clients-crl-config', 'clients-crl', 'clients-crl-run'],
      ...['clients-call', 'clients-revoke'],
    ],
    async tell(world) {
      world.save('app')
      world.save('clients-crl-config')
      await world.savePair(shop)
      await world.run('clients-ca')
      await world.run('clients-crl')
      await using server = await world.serve('clients-crl-run')
      expect((await world.run('clients-call')).stdout).toBe('Hello\n')
      await world.run('clients-revoke')
      await server.waitFor('in use by every worker')
      expect((await world.run('clients-call', { code: 'failure' })).stdout).toBe('')
    },
  },
]

async function tellsTheApp(world: RecipeWorld, app: string): Promise<void> {
  world.save(app)
  await world.savePair(shop)
  await world.run('clients-ca')
  await using _server = await world.serve('clients-request')
  expect((await world.run('clients-call')).stdout).toBe('Hello CN=till 1\n')
  expect((await world.type(asNobody)).stdout).toBe('Hello stranger\n')
  await callAsStranger(world, { refused: false })
}

/** With a certificate of another CA. */
async function callAsStranger(world: RecipeWorld, { refused }: { refused: boolean }): Promise<void> {
  const { chainPem, keyPem } = await world.issue({ hosts: [], commonName: 'till 1', usage: 'client' })
  world.write('stranger.pem', chainPem)
  world.write('stranger-key.pem', keyPem)
  const call = 'curl -sS --cert stranger.pem --key stranger-key.pem https://localhost:8443/'
  const { stdout } = await world.type(call, { code: refused ? 'failure' : 0 })
  expect(stdout).toBe(refused ? '' : 'Hello stranger\n')
}
