// One cell of the matrix: the suite for one backend on one platform.
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { pinnedNode } from '../pinned-node.mjs'
import { runCommand } from '../run-command.mjs'
import { readJson, rootFolder } from '../workspace.mjs'

/** Gives the cell: `conforms`, `falls short`, or `not run` with the reason. */
export async function runCell({ platform, backend, extent }) {
  const cell = { platform: platform.name, backend, reason: null, report: null }
  const { runtime, reason } = await platform.open()
  if (!runtime) return { ...cell, state: 'not run', reason }
  const folder = join(rootFolder, 'reports', platform.folder, backend)
  const file = join(folder, 'results.json')
  rmSync(folder, { recursive: true, force: true })
  console.log(`${platform.name}, ${backend} …`)
  const what = { backend, runtime, file, ...extent }
  const exitCode = await runCommand(pinnedNode(), ['scripts/matrix/run-suite.mjs', JSON.stringify(what)])
  if (!existsSync(file))
    return {
      ...cell,
      state: 'falls short',
      reason: `the suite ended with exit code ${exitCode} and no report`,
    }
  return { ...cell, state: exitCode === 0 ? 'conforms' : 'falls short', report: readJson(file) }
}
