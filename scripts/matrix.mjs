// `npm run matrix`: runs the conformance suite for every backend on every platform that can be had here, and writes
// docs/conformance.md and the page. The JSON file of each cell, under reports/, is the truth; the rest is made from it.
// `--platform TEXT` runs only the platforms whose name contains the text, and then writes no document.
import { parseArgs } from 'node:util'
import { buildPackages } from './build.mjs'
import { isMain } from './is-main.mjs'
import { backends, platforms } from './matrix/platforms.mjs'
import { runCell } from './matrix/run-cell.mjs'
import { pinnedNode } from './pinned-node.mjs'
import { runCommand } from './run-command.mjs'
import { ensureInstalled } from './set-up.mjs'

const everything = { patterns: ['*'], doors: ['backend', 'launch', 'command'], atATime: 4 }

async function runMatrix() {
  const { values } = parseArgs({ options: { platform: { type: 'string' } } })
  await ensureInstalled()
  if ((await buildPackages()) !== 0) return 1
  const chosen = platforms.filter(({ name }) => name.includes(values.platform ?? ''))
  const cells = await runCells(chosen, everything)
  if (values.platform === undefined && (await writeDocuments(cells)) !== 0) return 1
  return cells.some(({ state }) => state === 'falls short') ? 1 : 0
}

/** Runs a part of the matrix, one cell after the other, and says how each ended. */
export async function runCells(chosen, extent) {
  const cells = []
  for (const platform of chosen) {
    for (const backend of backends) cells.push(await runCell({ platform, backend, extent }))
  }
  for (const { platform, backend, state, reason, report } of cells)
    console.log(
      `${platform}, ${backend}: ${state}${reason === null ? '' : `: ${reason}`}${report ? `, ${counts(report)}` : ''}`,
    )
  return cells
}

function counts({ results }) {
  const found = new Map()
  for (const { status } of results) found.set(status, (found.get(status) ?? 0) + 1)
  return [...found].map(([status, count]) => `${count} ${status}`).join(', ')
}

/** Rendered by the package of the suite, which needs the pinned Node. */
function writeDocuments(cells) {
  const data = cells.map(({ report, ...cell }) => ({ ...cell, file: report && fileOf(cell) }))
  return runCommand(pinnedNode(), ['scripts/matrix/write-documents.mjs', JSON.stringify(data)])
}

function fileOf({ platform, backend }) {
  return `reports/${platforms.find(({ name }) => name === platform).folder}/${backend}/results.json`
}

if (isMain(import.meta.url)) process.exitCode = await runMatrix()
