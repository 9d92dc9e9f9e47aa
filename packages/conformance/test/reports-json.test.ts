import { conformanceCases, renderJson } from '@lockstep/conformance'
import { describe, expect, it } from 'vitest'
import { forbidden, hostileCases, hostileCells } from './reports/hostile-matrix.ts'
import { sampleCells } from './reports/sample-matrix.ts'

interface Data {
  version: number
  statuses: Record<string, { mark: string }>
  runs: { name: string; state: string; reason: string | null; counts?: Record<string, number> }[]
  cases: {
    id: string
    requirement: string
    results: Record<string, number[]>
    found?: { status: string; detail: string; runs: number[]; doors: string[] }[]
  }[]
}

describe('the matrix as JSON', () => {
  const text = renderJson(sampleCells(), conformanceCases)
  const { version, statuses, runs, cases } = JSON.parse(text) as Data
  const caseOf = (id: string): Data['cases'][number] | undefined => cases.find((one) => one.id === id)
  const runsOf = (numbers: readonly number[] | undefined): (string | undefined)[] | undefined =>
    numbers?.map((number) => runs[number]?.name)

  it('has a version, the marks, every run and every case', () => {
    expect(version).toBe(1)
    expect(statuses['pass']?.mark).toBe('✓')
    expect(runs.map(({ name }) => name)).toContain('cluster on Windows, Node 24')
    expect(runs.find(({ name }) => name === 'single on macOS, Node 24')).toMatchObject({
      state: 'not run',
      reason: 'needs a Mac',
    })
    const known = conformanceCases.map(({ id, requirement }) => `${id}: ${requirement}`)
    expect(cases.map(({ id, requirement }) => `${id}: ${requirement}`).sort()).toEqual(known.sort())
  })

  it('lists the runs of a case by its status, with what was found', () => {
    const id = 'tls/min-version/refuses-older-client'
    expect(runsOf(caseOf(id)?.results['fail'])).toEqual([
      'single on Windows, Node 24',
      'cluster on Windows, Node 24',
    ])
    expect(caseOf(id)?.results['pass']).toHaveLength(6)
    expect(caseOf(id)?.found).toEqual([
      expect.objectContaining({
        status: 'fail',
        doors: ['command'],
        detail: expect.stringContaining('node (GET /tls'),
      }),
    ])
  })

  it('adds up to the counts of each run', () => {
    for (const [index, { counts }] of runs.entries())
      for (const [status, count] of Object.entries(counts ?? {}))
        expect(cases.filter(({ results }) => results[status]?.includes(index))).toHaveLength(count)
  })

  it('has one line for each case', () => {
    const lines = text.split('\n').filter((line) => line.startsWith('{"id":'))
    expect(lines).toHaveLength(conformanceCases.length)
  })

  it('makes invisible characters visible', () => {
    const hostileText = renderJson(hostileCells, hostileCases)
    expect(hostileText).not.toMatch(forbidden)
    expect((JSON.parse(hostileText) as Data).cases.at(-1)?.found?.[0]?.detail).toContain('\\u{202e}')
  })
})
