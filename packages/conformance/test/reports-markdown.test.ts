import { conformanceCases, renderMarkdown, renderSummaryTable } from '@lockstep/conformance'
import { describe, expect, it } from 'vitest'
import { forbidden, hostileCases, hostileCells } from './reports/hostile-matrix.ts'
import { sampleCells } from './reports/sample-matrix.ts'

describe('the matrix as Markdown', () => {
  const text = renderMarkdown(sampleCells(), conformanceCases)

  it('says when and on which platform each run was made, and why a run is missing', () => {
    expect(cellsOf(text, 'single on Windows, Node 24')).toEqual([
      'single on Windows, Node 24',
      expect.stringMatching(/^falls short: \d+ pass, .*1 fail, 1 harness error$/),
      'win32 x64, Windows Node v24.21.0 under Wine 10.0, Lockstep 0.1.0',
      '2026-11-24 13:02 UTC, 48 s',
    ])
    expect(cellsOf(text, 'single on macOS, Node 24')).toEqual([
      'single on macOS, Node 24',
      'not run: needs a Mac',
      '',
      '',
    ])
    expect(text).toContain('OpenSSL 3.5.4 30 Sep 2025, curl not installed.')
  })

  it('marks each case for each backend by its worst result, and names the platforms that differ', () => {
    const marks = (id: string): string[] | undefined => cellsOf(text, `\`${id}\``)?.slice(1)
    const bad = '✓, ✗ Windows, Node 24'
    expect(marks('tls/min-version/refuses-older-client')).toEqual([bad, bad])
    expect(marks('processes/workers/that-many-serve')).toEqual(['↩', '✓'])
    const known = '✓, ! Windows, Node 24'
    expect(marks('processes/name/shows-in-the-process-list')).toEqual([known, known])
    for (const { id } of conformanceCases) expect(marks(id), id).toHaveLength(2)
  })

  it('leaves the marks of a backend that was not run empty', () => {
    const none = {
      platform: 'Linux, Node 24',
      backend: 'gunicorn',
      state: 'not run',
      reason: 'x',
      report: null,
    } as const
    const more = renderMarkdown([...sampleCells(), none], conformanceCases)
    expect(cellsOf(more, '`processes/workers/that-many-serve`')?.slice(1)).toEqual(['↩', '✓', ''])
  })

  it('lists each finding once, with the places where it occurred', () => {
    const found = text.split('\n').filter((line) => line.includes('cannot be honoured by single'))
    const one = found.find((line) => line.includes('`processes/workers/that-many-serve`')) ?? ''
    expect(one).toMatch(/\| single +\|/)
    expect(text).toContain('cluster on Windows, Node 24 (command)')
    expect(text).toMatch(
      /\d+ observations were not made\. cluster on Windows, Node 24: curl is not installed\./,
    )
  })

  it('summarises backends and platforms for the README', () => {
    const table = renderSummaryTable(sampleCells())
    expect(cellsOf(table, 'backend')?.slice(1)).toEqual([
      ...['Linux, Node 22', 'Linux, Node 24', 'Linux, Node 26', 'Windows, Node 24', 'macOS, Node 24'],
    ])
    expect(cellsOf(table, '`cluster`')?.slice(1)).toEqual([
      ...['conforms', 'conforms', 'conforms'],
      `falls short in 3 of ${conformanceCases.length} cases`,
      'not run',
    ])
  })

  it('shows hostile text without letting it change the page', () => {
    const page = renderMarkdown(hostileCells, hostileCases)
    const lines = page.split('\n')
    expect(page).not.toMatch(forbidden)
    expect(lines.filter((line) => line.startsWith('# '))).toEqual(['# Conformance'])
    expect(outsideOfCode(page).match(/(?<!\\)<.*?>/g)).toEqual([
      '<!-- Rendered from the reports of the runs by `` or ``. Do not edit. -->',
    ])
    expect(outsideOfCode(page)).not.toMatch(/(?<!\\)(\*|\]\()/)
    expect(page).toContain('\\<img src=x onerror="alert(1)"\\>')
    // Each table keeps the number of its columns.
    for (const table of page
      .trimEnd()
      .split('\n\n')
      .filter((part) => part.startsWith('|')))
      expect(new Set(table.split('\n').map((row) => row.match(/(?<!\\)\|/g)?.length)).size, table).toBe(1)
  })
})

/** The cells of the first row that begins with this one. */
function cellsOf(text: string, first: string): string[] | undefined {
  return text
    .split('\n')
    .map((line) =>
      line
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )
    .find(([name]) => name === first)
}

/** The text outside code spans. */
function outsideOfCode(text: string): string {
  return text.replaceAll(/(?<!\\)`[^`]*`/g, '``')
}
