import { readFileSync } from 'node:fs'
import { conformanceCases } from '@lockstep/conformance'
import { expect, it } from 'vitest'

it('every case keeps its id: removing or renaming one needs a change in case-ids.txt', () => {
  const known = readFileSync(new URL('./case-ids.txt', import.meta.url), 'utf8')
    .trim()
    .split('\n')
  expect(conformanceCases.map(({ id }) => id).sort()).toEqual(known)
})
