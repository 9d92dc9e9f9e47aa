import { expect, it } from 'vitest'
import { fuzzChannel } from './channel-fuzz/fuzz-channel.ts'

it('the worker channel carries 100,000 odd messages in both directions without an exception in Lockstep', () => {
  const seed = Date.now() % 2 ** 31
  const { found, summary } = fuzzChannel({ seed, count: 100_000 })
  console.log(`npm run fuzz -- channel --seed ${seed}: ${summary}`)
  expect(found.slice(0, 5)).toEqual([])
}, 120_000)
