import { expect, it } from 'vitest'
import { pairFiles } from '../support/certificates.ts'
import { fuzzServers } from './fuzz-requests/fuzz-servers.ts'

it('every backend keeps serving after 8,000 odd requests for a misbehaving app', async () => {
  const seed = Date.now() % 2 ** 31
  const { cert, key } = await pairFiles()
  const { found, summary } = await fuzzServers({ seed, count: 8_000, pair: { cert, key } })
  console.log(`npm run fuzz -- requests --seed ${seed}\n${summary}`)
  expect(found.slice(0, 5)).toEqual([])
}, 120_000)
