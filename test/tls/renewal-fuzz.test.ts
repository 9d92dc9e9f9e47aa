import { join } from 'node:path'
import { expect, it } from 'vitest'
import { fixtures } from '../support/lockstep.ts'
import { fuzzRenewals } from './renewal-fuzz/fuzz-renewals.ts'

it.each(['single', 'cluster'] as const)(
  'a client is always served while files are swapped, and the last valid pair comes into use: %s',
  async (backend) => {
    const seed = Date.now() % 2 ** 31
    const { found, summary } = await fuzzRenewals({
      seed,
      count: 20,
      backend,
      app: join(fixtures, 'apps/hello.js'),
    })
    console.log(`npm run fuzz -- renewals --seed ${seed}: ${summary}`)
    expect(found.slice(0, 5)).toEqual([])
  },
  180_000,
)
