import { expect, it } from 'vitest'
import { pairFiles } from '../support/certificates.ts'
import { runsEverything } from '../support/runs-everything.ts'
import { fuzzServers } from './fuzz-requests/fuzz-servers.ts'

const count = runsEverything ? 8_000 : 2_000

it(`every backend keeps serving after ${count} odd requests for a misbehaving app`, async () => {
  const seed = Date.now() % 2 ** 31
  const { cert, key } = await pairFiles()
  const { found, summary } = await fuzzServers({ seed, count, pair: { cert, key } })
  console.log(`npm run fuzz -- requests --seed ${seed}\n${summary}`)
  expect(found.slice(0, 5)).toEqual([])
}, 120_000)
