import { conformanceCases, renderHtml, reportCell } from '@lockstep/conformance'
import { describe, expect, it } from 'vitest'
import { forbidden, hostileCases, hostileCells, hostileShown } from './reports/hostile-matrix.ts'
import { sampleCells } from './reports/sample-matrix.ts'

describe('the matrix as a page', () => {
  const page = renderHtml(sampleCells(), conformanceCases)

  it('needs no other file, and its policy forbids loading any', () => {
    expect(page).not.toMatch(/\s(src|href)=(?!"data:,")|@import|url\(/)
    const policy = /content="(default-src[^"]+)"/.exec(page)?.[1]
    expect(policy).toMatch(/^default-src &#39;none&#39;/)
    expect(policy).not.toContain('unsafe')
  })

  it('stays small although each cell contains its observations', () => {
    const { columns, rows, observations } = data(page)
    expect(columns).toHaveLength(10)
    expect(rows).toHaveLength(conformanceCases.length)
    expect(observations.length).toBeGreaterThan(50)
    expect(page.length).toBeLessThan(6_000 + 4_500 * conformanceCases.length)
  })

  it('also shows a single run', () => {
    const report = sampleCells()[6]?.report ?? expect.unreachable()
    const cell = reportCell(report)
    expect(cell).toMatchObject({ platform: 'Windows, Node 24', backend: 'single', state: 'falls short' })
    const own = renderHtml([cell], conformanceCases)
    expect(own).toContain('✗ Falls short')
    expect(own.match(/<th scope="colgroup"/g)).toHaveLength(1)
  })

  it('shows hostile text without letting it change the page', () => {
    const spoilt = renderHtml(hostileCells, hostileCases)
    expect(spoilt).not.toMatch(forbidden)
    expect(spoilt.match(/<\/script/g)).toHaveLength(2)
    expect(spoilt.match(/<\/style/g)).toHaveLength(1)
    expect(spoilt).not.toContain('<img')
    expect(data(spoilt).values).toContain(hostileShown)
  })
})

interface Data {
  readonly columns: unknown[]
  readonly rows: unknown[]
  readonly values: unknown[]
  readonly observations: unknown[]
}

function data(page: string): Data {
  return JSON.parse(
    /<script type="application\/json" id="data">(.*?)<\/script>/s.exec(page)?.[1] ?? '',
  ) as Data
}
