import { describe, expect, it } from 'vitest'
import { startUnderWine } from '../support/lockstep-under-wine.ts'
import { tlsExchange } from '../support/tls-client.ts'
import { waitUntil } from '../support/wait-until.ts'
import { useWineRuntime, wine, wineTimeoutMs, withoutWine } from '../support/wine.ts'
import { adaptToRun } from './docs-tls/recipe-ports.ts'
import { createRecipeWorld } from './docs-tls/recipe-world.ts'

const shop = { hosts: ['shop.example.com', 'localhost'] }
const deadlineMs = 120_000

describe.skipIf(!wine.ready)(
  `docs/tls.md, by Windows Node under Wine${withoutWine}`,
  { timeout: wineTimeoutMs },
  () => {
    const runtime = useWineRuntime({ openMs: wineTimeoutMs })

    it('is correct for a pair with backslashes, a pair in UTF-16, a renewal and the verbs', async () => {
      const world = await createRecipeWorld()
      world.save('app')
      const { chainPem, fingerprint256 } = await world.savePair(shop)
      const begin = (commands: string, ...more: string[]): ReturnType<typeof startUnderWine> =>
        startUnderWine(runtime(), [...wordsOf(commands), ...more], world.folder)

      await using check = begin(world.read('windows-check'))
      expect(await check.ended(), check.stderr()).toEqual({ code: 0, signal: null })
      world.write('certs/cert.pem', Buffer.from(`\uFEFF${chainPem}`, 'utf16le'))
      await using utf16 = begin(world.read('windows-check'))
      expect(await utf16.ended()).toEqual({ code: 4, signal: null })
      expect(utf16.stderr()).toContain('[LOCKSTEP_ERR_TLS_ENCODING]')
      world.write('certs/cert.pem', chainPem)

      // Other servers may run there, so the verbs must name this one.
      const name = ['--name', 'recipe']
      await using server = begin(world.read('windows'), ...name)
      await server.waitFor('Verified:')
      const leaf = async (): Promise<string> => (await tlsExchange(server.port())).fingerprint256
      expect(await leaf()).toBe(fingerprint256)
      const renewed = await world.savePair(shop)
      await waitUntil(async () => (await leaf()) === renewed.fingerprint256, {
        deadlineMs,
        what: () => `the new leaf after ${server.stdout()}${server.stderr()}`,
      })
      for (const [verb, says] of [
        ['reload', 'Certificates and TLS settings have not changed'],
        ['status', 'ready'],
        ['stop', 'stopped'],
      ] as const) {
        await using told = begin(`lockstep ${verb}`, ...name)
        expect(await told.ended(), told.stderr()).toEqual({ code: 0, signal: null })
        expect(told.stdout()).toContain(says)
      }
      expect(await server.ended()).toEqual({ code: 0, signal: null })
    })
  },
)

/** The arguments that a shell would pass to `lockstep`. */
function wordsOf(commands: string): string[] {
  const [program, ...words] = adaptToRun(commands, new Map()).trim().split(/\s+/)
  expect(program).toBe('lockstep')
  return words
}
