import { readFileSync } from 'node:fs'
import { conformanceCases } from '@lockstep/conformance'
import { expect, it } from 'vitest'

it('keeps the id of every case: one that goes or changes is a decision, made in case-ids.txt', () => {
  const known = readFileSync(new URL('./case-ids.txt', import.meta.url), 'utf8')
    .trim()
    .split('\n')
  expect(conformanceCases.map(({ id }) => id).sort()).toEqual(known)
})
