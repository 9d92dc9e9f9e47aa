import { conformanceCases, renderMarkdown, renderSummaryTable } from '@lockstep/conformance'
import { describe, expect, it } from 'vitest'
import { forbidden, hostileCases, hostileCells } from './reports/hostile-matrix.ts'
import { sampleCells } from './reports/sample-matrix.ts'

describe('the matrix as Markdown', () => {
  const text = renderMarkdown(sampleCells(), conformanceCases, 'every.json')

  it('says when and on which platform each run was made, and why a run is missing', () => {
    expect(cellsOf(text, 'single on Windows, Node 24')).toEqual([
      'single on Windows, Node 24',
      expect.stringMatching(/^falls short: \d+ pass, .*1 fail, 1 harness error$/),
      'win32 x64, Windows Node v24.21.0 under Wine 10.0, Lockstep 0.1.0',
      '2026-11-24 13:02 UTC, 48 s',
    ])
    expect(text).toContain('- single, cluster on macOS, Node 24: needs a Mac\n')
    expect(text).toContain('OpenSSL 3.5.4 30 Sep 2025, curl not installed.')
  })

  it('counts the cases of each area for each backend by their worst result', () => {
    const inArea = (area: string): number =>
      conformanceCases.filter(({ id }) => id.startsWith(`${area}/`)).length
    expect(cellsOf(text, 'area')).toEqual(['area', 'cases', 'single', 'cluster'])
    const binding = inArea('binding')
    expect(cellsOf(text, '`binding`')).toEqual([
      ...['`binding`', String(binding)],
      ...[`✓ ${binding - 1}, ? 1`, `✓ ${binding - 1}, ? 1`],
    ])
    const [, , single, cluster] = cellsOf(text, '`processes`') ?? []
    expect(single).toMatch(/^✓ \d+, ↩ \d+, ! 1$/)
    expect(cluster).toBe(`✓ ${inArea('processes') - 1}, ! 1`)
    expect(cellsOf(text, 'all')?.[1]).toBe(String(conformanceCases.length))
  })

  it('lists no case that passes or is refused, and links the file with all of them', () => {
    expect(text).toContain('[every.json](every.json) has every case')
    expect(text).not.toContain('`tls/cert/serves-that-leaf-with-its-chain`')
    expect(text).not.toContain('cannot be honoured by single')
  })

  it('has no column for a backend that was not run', () => {
    const none = {
      platform: 'Linux, Node 24',
      backend: 'gunicorn',
      state: 'not run',
      reason: 'x',
      report: null,
    } as const
    const more = renderMarkdown([...sampleCells(), none], conformanceCases, 'every.json')
    expect(cellsOf(more, 'area')).toEqual(['area', 'cases', 'single', 'cluster'])
    expect(more).toContain('- gunicorn on Linux, Node 24: x\n')
  })

  it('lists each finding once, with the places where it occurred', () => {
    const found = text.split('\n').filter((line) => line.includes('`tls/min-version/refuses-older-client`'))
    expect(found).toHaveLength(1)
    expect(found[0]).toContain('single on Windows, Node 24 (command); cluster on Windows, Node 24 (command)')
    expect(text).toMatch(/^- Node has no UNIX domain sockets on Windows: `/m)
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
    const page = renderMarkdown(hostileCells, hostileCases, 'every.json')
    const lines = page.split('\n')
    expect(page).not.toMatch(forbidden)
    expect(lines.filter((line) => line.startsWith('# '))).toEqual(['# Conformance'])
    expect(outsideOfCode(page).match(/(?<!\\)<.*?>/g)).toEqual([
      '<!-- Rendered from the reports of the runs by `` or ``. Do not edit. -->',
    ])
    expect(outsideOfCode(page.replace('[every.json](every.json)', ''))).not.toMatch(/(?<!\\)(\*|\]\()/)
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
