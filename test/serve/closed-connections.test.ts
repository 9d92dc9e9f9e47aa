import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { pairFiles } from '../support/certificates.ts'
import { exchange } from '../support/exchange.ts'
import { fixtures, startLockstep } from '../support/lockstep.ts'
import { waitUntil } from '../support/wait-until.ts'

const app = join(fixtures, 'apps/remembers-at-close.js')
const connections = 40
/** The memory that the app's listener on each connection holds. */
const heldBytes = 80_000

describe('closed connections', () => {
  it.each(['HTTP', 'HTTPS'])(
    'call the listeners of the app, leave nothing in the old generation, and survive a late error: %s',
    async (scheme) => {
      const pair = scheme === 'HTTPS' ? await pairFiles() : null
      const tls = pair ? ['--tls-cert', pair.cert, '--tls-key', pair.key] : []
      await using server = await startLockstep([app, '--port', '0', '--backend', 'single', ...tls])
      const ask = async (path: string): Promise<string> =>
        (await exchange(server.url, { path, ...(pair && { ca: pair.certPem }) })).body
      const seen = async (): Promise<{ closed: number; leftBytes: number }> => JSON.parse(await ask('/seen'))
      await ask('/begin')
      for (let count = 0; count < connections; count += 1) await ask('/')
      await waitUntil(async () => (await seen()).closed === connections, {
        what: 'all of them to be closed',
      })
      const { leftBytes } = await seen()
      expect(leftBytes).toBeLessThan((connections * heldBytes) / 4)
    },
  )
})
