import { readFileSync } from 'node:fs'
import {
  type CaseResult,
  type CaseStatus,
  conformanceCases,
  judgeRun,
  minimumProfile,
  refusedLines,
  reportCell,
  type SuiteReport,
  verdictWords,
} from '@lockstep/conformance'
import { describe, expect, it } from 'vitest'

/** The results of a whole run, in which some cases did not pass. */
function run(others: Readonly<Record<string, Partial<CaseResult>>> = {}): CaseResult[] {
  return conformanceCases.map(({ id, level }) => ({
    id,
    level,
    door: 'backend',
    status: 'pass' as CaseStatus,
    detail: '',
    durationMs: 1,
    observations: [],
    ...others[id],
  }))
}

const refused = (...names: string[]): Partial<CaseResult> => ({
  status: 'refused as declared',
  refused: names,
})

describe('the verdict on a run', () => {
  it('is that it conforms when all passes', () => {
    expect(judgeRun(run())).toEqual({
      state: 'conforms',
      missing: [],
      refusedCases: { MUST: 0, SHOULD: 0 },
      refused: [],
    })
  })

  it.each(minimumProfile.flatMap(({ what, cases }) => cases.map((id) => ({ what, id }))))(
    'is below the minimum when $id is refused, and says what that is',
    ({ what, id }) => {
      const verdict = judgeRun(run({ [id]: refused('app') }))
      expect(verdict.state).toBe('below the minimum')
      expect(verdictWords(verdict)).toContain(what)
    },
  )

  it('names the options that are refused beyond the minimum, by their groups', () => {
    const verdict = judgeRun(
      run({
        'limits/concurrency/one-more-gets-503': refused('limits.concurrency'),
        'backend/announce-stop/says-not-ready': refused('announceStop()'),
        'processes/workers/that-many-serve': refused('workers'),
      }),
    )
    expect(verdict.state).toBe('conforms')
    expect(refusedLines(verdict).join('\n')).toMatch(/Processes: some values of workers/)
    expect(refusedLines(verdict).join('\n')).toMatch(/Members of the backend: announceStop\(\)/)
  })

  it('counts what is refused by its level', () => {
    const ids = conformanceCases.filter(({ level }) => level === 'SHOULD').map(({ id }) => id)
    const verdict = judgeRun(
      run({ [ids[0] ?? '']: refused('app'), 'limits/concurrency/one-more-gets-503': { status: 'pass' } }),
    )
    expect(verdict.refusedCases).toEqual({ MUST: 0, SHOULD: 1 })
  })

  it('is about a part alone when cases of the minimum were not run', () => {
    const some = run().filter(({ id }) => id.startsWith('limits/'))
    expect(judgeRun(some).state).toBe('part')
  })

  it('does not ask for the contract where the backend alone was not run', () => {
    const results = run().flatMap((one): CaseResult[] =>
      one.id.startsWith('backend/') ? [] : [{ ...one, door: 'command' }],
    )
    expect(judgeRun(results).state).toBe('conforms')
  })

  it('is that it falls short when a case failed, whatever is refused', () => {
    const [first] = conformanceCases
    expect(judgeRun(run({ [first?.id ?? '']: { status: 'fail' } })).state).toBe('falls short')
  })

  it('is found for a report of an older version too', () => {
    const detail =
      'The backend old cannot honour limits.concurrency = 1 (limits.concurrency in launch()): no.'
    const results = run({ 'limits/concurrency/one-more-gets-503': { status: 'refused as declared', detail } })
    const report = { platform: 'linux', node: 'v24.1.0', backend: 'old', results } as unknown as SuiteReport
    expect(reportCell(report).state).toBe('conforms')
  })
})

describe('the minimum', () => {
  it.each(minimumProfile.map(({ what, why, cases }) => ({ what, why, cases })))(
    '$what consists of cases, and is in the guide with its reason',
    ({ what, why, cases }) => {
      const ids = conformanceCases.filter(({ level }) => level === 'MUST').map(({ id }) => id)
      expect(cases.filter((id) => !ids.includes(id))).toEqual([])
      const guide = readFileSync(new URL('../../../docs/writing-a-backend.md', import.meta.url), 'utf8')
      expect(guide).toMatch(new RegExp(`^\\| ${escaped(what)} +\\| ${escaped(why)} +\\|$`, 'm'))
    },
  )
})

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
