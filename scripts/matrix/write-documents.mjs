// Writes what is rendered from the reports of the cells: docs/conformance.md with its data file, the grid of the README, and under reports/
// the page and the JUnit XML. Runs under the pinned Node, once the packages are built. The cells come as JSON in the first argument.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  conformanceCases,
  renderHtml,
  renderJson,
  renderJUnit,
  renderMarkdown,
  renderSummaryTable,
} from '@lockstep/conformance'
import { readJson, rootFolder } from '../workspace.mjs'
import { maskCell } from './mask-machine.mjs'

const cells = JSON.parse(process.argv[2]).map(({ file, ...cell }) => ({
  ...cell,
  report: file === null ? null : readJson(file),
}))

const published = cells.map(maskCell)

for (const folder of ['reports', 'docs/data']) mkdirSync(join(rootFolder, folder), { recursive: true })
write('docs/conformance.md', renderMarkdown(published, conformanceCases, 'data/conformance.json'))
write('docs/data/conformance.json', renderJson(published, conformanceCases))
write('reports/index.html', renderHtml(cells, conformanceCases))
write('reports/junit.xml', renderJUnit(cells))
write('README.md', withGrid(readFileSync(join(rootFolder, 'README.md'), 'utf8')))

/** Between its two marks the README holds the grid of the last run. */
function withGrid(readme) {
  const grid = /(<!-- matrix -->\n)[\s\S]*?(\n<!-- end of the matrix -->)/
  if (!grid.test(readme)) throw new Error('The README has lost its marks for the matrix.')
  return readme.replace(grid, (_all, begin, end) => `${begin}\n${renderSummaryTable(cells).trim()}\n${end}`)
}

function write(name, text) {
  writeFileSync(join(rootFolder, name), text)
  console.log(name)
}
