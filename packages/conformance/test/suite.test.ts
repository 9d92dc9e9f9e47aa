import { conformanceCases, runSuite } from '@lockstep/conformance'
import { clusterBackend, optionNames, singleBackend } from '@lockstep/core'
import { describe, expect, it } from 'vitest'

describe.each([singleBackend, clusterBackend])('the suite on $name', (backend) => {
  it('passes, is refused as declared, or says what it can not observe here', {
    timeout: 120_000,
  }, async () => {
    const results = await runSuite({ backend, backendName: backend.name })
    const others = results.filter(({ status }) => status !== 'pass')
    for (const { id, status, detail } of others) console.log(`${backend.name}: ${id}: ${status}: ${detail}`)
    expect(results).toHaveLength(conformanceCases.length)
    expect(others.filter(({ status }) => status === 'fail' || status === 'harness error')).toEqual([])
  })
})

describe('the cases', () => {
  it('have unique ids', () => {
    const ids = conformanceCases.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
  })

  it.each(optionNames)('observe the effect of %s', (name) => {
    expect(conformanceCases.filter(({ observes }) => observes.includes(name)).length).toBeGreaterThan(0)
  })
})
