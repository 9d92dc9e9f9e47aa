// `npm run matrix`: runs the conformance suite for every backend on every platform that can be had here, and writes
// docs/conformance.md. The JSON file of each cell, under reports/, is the truth; the rest is made from it.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildPackages } from './build.mjs'
import { backends, platforms } from './matrix/platforms.mjs'
import { renderMarkdown } from './matrix/render-markdown.mjs'
import { runCell } from './matrix/run-cell.mjs'
import { ensureInstalled } from './set-up.mjs'
import { rootFolder } from './workspace.mjs'

async function runMatrix() {
  await ensureInstalled()
  if ((await buildPackages()) !== 0) return false
  const cells = []
  for (const platform of platforms) {
    for (const backend of backends)
      cells.push({ platform, backend, ...(await runCell({ platform, backend })) })
  }
  writeFileSync(join(rootFolder, 'docs/conformance.md'), renderMarkdown(cells))
  for (const { platform, backend, state, reason } of cells)
    console.log(`${platform.name} ${backend}: ${reason ?? state}`)
  return cells.every(({ state }) => state !== 'fell short')
}

process.exitCode = (await runMatrix()) ? 0 : 1
