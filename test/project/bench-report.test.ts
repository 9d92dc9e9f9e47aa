// The page of the benchmarks, when some of them were measured again in a run of their own.
import { describe, expect, it } from 'vitest'
import { renderBenchmarkDetails, renderBenchmarks } from '../../bench/report/markdown.mjs'
import { mergeRuns, type Run } from '../../bench/report/merge-runs.mjs'

const result = (name: string, found: string) => ({
  name,
  figures: [{ what: 'a figure', goal: null, found, met: null, how: '' }],
  tables: [],
  charts: [],
  skipped: [],
})
const run = (results: Run['results'], at: string): Run => ({
  ...{ at, node: 'v24.0.0', platform: 'linux x64', processor: 'a processor', cores: 2, memoryGb: 8 },
  ...{ loadBefore: 1.5, isRealTime: true, seconds: 600, results },
})

describe('results of a later run', () => {
  const before = run([result('first', 'one'), result('third', 'three')], '2026-01-01T00:00:00Z')
  const later = run([result('third', 'three again'), result('second', 'two')], '2026-02-02T00:00:00Z')
  const merged = mergeRuns(before, later, ['first', 'second', 'third'])
  const page = renderBenchmarks(merged)
  const details = renderBenchmarkDetails(merged)

  it('replace the earlier ones, in the order of all benchmarks', () => {
    expect(merged.results.map(({ name, figures }) => [name, figures[0]?.found])).toEqual([
      ['first', 'one'],
      ['second', 'two'],
      ['third', 'three again'],
    ])
  })

  it('say when they were measured, and on what a machine', () => {
    const [, first, second, third] = details.split(/^## (?=First|Second|Third)/m)
    expect(page).toContain('All figures, except where a section says otherwise, come from one run')
    expect(page).toContain('2026-01-01')
    expect(first).not.toContain('a run of its own')
    for (const section of [second, third])
      expect(section).toMatch(
        /a run of its own on 2026-02-02, .* load average before it was 1\.5\. .*real-time/,
      )
  })

  it('leave a page without them as it is', () => {
    expect(renderBenchmarks(before) + renderBenchmarkDetails(before)).not.toMatch(
      /except where|a run of its own/,
    )
  })
})

describe('goals that are not met', () => {
  const figure = (what: string, met: boolean) => ({ what, goal: '≤ 1', found: '2', met, how: 'measured' })
  const figures = [figure('p99', false), figure('p50', false), figure('rate', true)]
  const measured = run([{ ...result('memory', ''), figures }], '2026-01-01T00:00:00Z')

  it('are counted by their cause in the summary, which has no figure', () => {
    const page = renderBenchmarks(measured)
    expect(page).toContain('**1 of 3 goals are met.**')
    expect(page).toContain('2 of [Memory](benchmarks/details.md#memory)')
    expect(page).not.toContain('p99')
  })

  it('are listed in the details', () => {
    const details = renderBenchmarkDetails(measured)
    expect(details).toContain('- [Memory](#memory), p99: 2 (≤ 1)')
    expect(details).not.toContain('[Memory](#memory), rate')
    expect(details).toMatch(/^## Memory$/m)
  })
})
