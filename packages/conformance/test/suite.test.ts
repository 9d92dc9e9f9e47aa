import { fileURLToPath } from 'node:url'
import {
  type ConformanceCase,
  conformanceCases,
  type DoorName,
  doorNames,
  hasFailed,
  isSeenThrough,
  runSuite,
} from '@lockstep/conformance'
import { clusterBackend, optionNames, singleBackend } from '@lockstep/core/backend'
import { describe, expect, it } from 'vitest'
import { casesBeforeCommit, casesInTests } from '../../../scripts/matrix/cases-in-tests.mjs'
import { runsEverything } from '../../../test/support/runs-everything.ts'
import { runsWholeSuite } from '../../../test/support/runs-whole-suite.ts'

/** The command is what most users start, and goes through what the other doors show apart. */
const doors = runsEverything || runsWholeSuite ? doorNames : (['command'] as const)
const command = fileURLToPath(new URL('../../cli/bin/lockstep.js', import.meta.url))

function casesFor(door: DoorName, backend: string): readonly ConformanceCase[] {
  if (runsWholeSuite) return conformanceCases
  return runsEverything ? casesInTests(door, backend) : casesBeforeCommit(backend)
}

describe.each([singleBackend, clusterBackend])('the suite on $name', (backend) => {
  it.each(doors)(
    'passes or is refused as declared, through the door %s',
    {
      timeout: 480_000,
    },
    async (door) => {
      const cases = casesFor(door, backend.name)
      expect(cases.length).toBeGreaterThan(60)
      const subject = { backend, backendName: backend.name, command }
      const results = await runSuite(subject, { cases, doors: [door] })
      const others = results.filter(({ status }) => status !== 'pass')
      for (const { id, status, detail } of others) console.log(`${backend.name}: ${id}: ${status}: ${detail}`)
      const expected = cases.filter((one) => isSeenThrough(door, one))
      expect(results.map(({ id }) => id)).toEqual(expected.map(({ id }) => id))
      expect(others.filter(hasFailed)).toEqual([])
    },
  )
})

describe('the cases', () => {
  it('have unique ids', () => {
    const ids = conformanceCases.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
  })

  it.each(optionNames)('include two that observe the effect of %s: none hangs on a single case', (name) => {
    const ids = conformanceCases.filter(({ observes }) => observes.includes(name)).map(({ id }) => id)
    expect(ids.length, ids.join()).toBeGreaterThan(1)
  })
})
