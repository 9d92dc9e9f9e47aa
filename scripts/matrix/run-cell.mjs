// One cell of the matrix: the suite for one backend on one platform.
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { pinnedNode } from '../pinned-node.mjs'
import { runCommand } from '../run-command.mjs'
import { readJson, rootFolder } from '../workspace.mjs'
import { whyNotOn } from './platforms.mjs'

/** Statuses of a case that make a cell fall short; the same as `hasFailed()` of the suite, which the pinned Node alone can load. */
const failing = new Set(['fail', 'stale known failure', 'harness error'])

/** Runs a cell and returns it: `conforms`, `falls short`, or `not run` with the reason. */
export async function runCell({ platform, backend, extent, folder = reports }) {
  const unfit = whyNotOn(platform, backend)
  if (unfit !== null) return emptyCell({ platform, backend, reason: unfit })
  const { runtime, reason } = await platform.open()
  const file = join(folder, platform.folder, backend, 'results.json')
  if (!runtime) return emptyCell({ platform, backend, reason })
  // Results of some cases are put into the report that is there.
  if (extent.patterns.includes('*')) rmSync(file, { force: true })
  console.log(`${platform.name}, ${backend} …`)
  const what = { backend, runtime, file, ...extent }
  const exitCode = await runCommand(pinnedNode(), ['scripts/matrix/run-suite.mjs', JSON.stringify(what)])
  return existsSync(file)
    ? filledCell({ platform, backend, file })
    : {
        ...emptyCell({
          platform,
          backend,
          reason: `the suite ended with exit code ${exitCode} and no report`,
        }),
        state: 'falls short',
      }
}

/** The cell as it was run last, if it was. */
export function lastCell({ platform, backend }) {
  const file = join(reports, platform.folder, backend, 'results.json')
  return existsSync(file)
    ? filledCell({ platform, backend, file })
    : emptyCell({ platform, backend, reason: platform.never ?? 'not run yet' })
}

const reports = join(rootFolder, 'reports')

function filledCell({ platform, backend, file }) {
  const report = readJson(file)
  const hasFailed = report.results.some(({ status }) => failing.has(status))
  // Reports of older versions have no verdict.
  const state = report.verdict?.state ?? (hasFailed ? 'falls short' : 'conforms')
  return { platform: platform.name, backend, state, reason: null, report, file }
}

function emptyCell({ platform, backend, reason }) {
  return { platform: platform.name, backend, state: 'not run', reason, report: null, file: null }
}
