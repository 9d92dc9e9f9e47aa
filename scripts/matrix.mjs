// `npm run matrix`: runs the conformance suite for every backend on every platform that can be had here, and writes docs/conformance.md,
// docs/data/conformance.json, the grid of the README, and a page under reports/. The JSON file of each cell, under reports/ too, is the source;
// everything else is generated from it. `--platform TEXT` runs only the platforms whose name contains the text; the other cells stay as they
// were last run on this machine. `--case PATTERN` runs some cases again, whose results take the place of the old ones.
import { parseArgs } from 'node:util'
import { buildPackages } from './build.mjs'
import { backends, platforms } from './matrix/platforms.mjs'
import { lastCell, runCell } from './matrix/run-cell.mjs'
import { fallsShort, tellCells } from './matrix/tell-cells.mjs'
import { pinnedNode } from './pinned-node.mjs'
import { runCommand } from './run-command.mjs'
import { ensureInstalled } from './set-up.mjs'

/** Every case, the whole way from the flags to the socket. The other doors are gone through by `npm test`, on the pinned Node. */
const wholeWay = { doors: ['command'], atATime: 4 }

async function runMatrix() {
  const { values } = parseArgs({
    options: { platform: { type: 'string', default: '' }, case: { type: 'string', default: '*' } },
  })
  const extent = { ...wholeWay, patterns: [values.case] }
  await ensureInstalled()
  if ((await buildPackages()) !== 0) return 1
  const cells = []
  for (const platform of platforms) {
    for (const backend of backends) {
      const chosen = platform.name.includes(values.platform)
      cells.push(chosen ? await runCell({ platform, backend, extent }) : lastCell({ platform, backend }))
    }
  }
  tellCells(cells)
  const data = cells.map(({ report: _, ...cell }) => cell)
  const written = await runCommand(pinnedNode(), ['scripts/matrix/write-documents.mjs', JSON.stringify(data)])
  return written !== 0 || cells.some(fallsShort) ? 1 : 0
}

process.exitCode = await runMatrix()
