import { conformanceCases } from '@lockstep/conformance'
import { contractRows } from '@lockstep/core/internal'
import { describe, expect, it } from 'vitest'
import { unobservedRows } from '../src/cases/app/contract/unobserved-rows.ts'
import { contractSabotages, withoutSabotage } from './sabotage/contract-sabotages.ts'

const rows = [...contractRows().keys()]
const observed = new Set(conformanceCases.flatMap(({ contract = [] }) => contract))

describe('the rows of the contract with apps', () => {
  it.each(rows)('%s has a case that observes it, or a reason why none can', (name) => {
    const isObserved = observed.has(name)
    expect({ isObserved, reason: unobservedRows[name] }).toEqual(
      isObserved ? { isObserved, reason: undefined } : { isObserved, reason: expect.stringMatching(/\.$/) },
    )
  })

  it('are the only names that cases use', () => {
    expect([...observed].filter((name) => !rows.some((row) => row === name))).toEqual([])
  })

  it.each([...observed])('%s has a sabotage, or a reason why it has none', (name) => {
    const has = [contractSabotages, withoutSabotage].filter((table) => Object.hasOwn(table, name))
    expect(has.length).toBe(1)
  })
})
