// The quick starts of frameworks, and the page that `npm run frameworks` writes from what it saw.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { readFrameworks, resultsFile, sourcesFolder } from '../../scripts/frameworks/read-frameworks.mjs'
import { frameworksPage } from '../../scripts/frameworks/write-page.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const frameworks = readFrameworks()
const jsonOf = (file: string): Record<string, unknown> =>
  JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>

describe('docs/frameworks.md', () => {
  const page = readFileSync(join(root, 'docs/frameworks.md'), 'utf8')

  it('is what the last results say', () => {
    expect(page).toBe(frameworksPage({ frameworks, results: jsonOf(resultsFile) }))
  })

  it('has no empty cell', () => {
    const rows = page.split('\n').filter((line) => line.startsWith('|'))
    expect(rows.length).toBeGreaterThan(2 * frameworks.length)
    for (const row of rows)
      for (const cell of row.split('|').slice(1, -1)) expect(cell.trim(), row).not.toMatch(/^$|undefined/)
  })
})

describe('The quick start of', () => {
  it.each(frameworks)('$title installs pinned versions, and its lockfile names no host', ({ name }) => {
    const { dependencies } = jsonOf(join(sourcesFolder, name, 'package.json'))
    for (const version of Object.values(dependencies as Record<string, string>))
      expect(version).toMatch(/^\d+\.\d+\.\d+$/)
    expect(readFileSync(join(sourcesFolder, name, 'package-lock.json'), 'utf8')).not.toMatch(/"resolved"/)
  })
})
