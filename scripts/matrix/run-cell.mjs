// One cell of the matrix: the suite for one backend on one platform, in a process of that platform's Node.
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { runCommand } from '../run-command.mjs'
import { readJson, rootFolder } from '../workspace.mjs'

const launcher = join(rootFolder, 'packages/cli/bin/lockstep.js')

/** Gives the report with its state: `conforms`, `fell short` or `not run` with the reason. */
export async function runCell({ platform, backend }) {
  if (!platform.node) return { state: 'not run', reason: platform.reason }
  const folder = join(rootFolder, 'reports', platform.folder, backend)
  const file = join(folder, 'results.json')
  rmSync(folder, { recursive: true, force: true })
  console.log(`\n${platform.name}, ${backend} …`)
  const exitCode = await runCommand(
    await platform.node(),
    [launcher, 'conformance', backend, '--report', folder],
    { quietWhenGood: true },
  )
  if (!existsSync(file))
    return { state: 'fell short', reason: `the suite ended with exit code ${exitCode} and no report` }
  return { state: exitCode === 0 ? 'conforms' : 'fell short', report: readJson(file) }
}
