// Installs a framework from its lockfile, and builds its quick start.
import { cpSync, mkdirSync, readdirSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { runStep } from '../peers/run-step.mjs'
import { stampOf } from '../peers/stamp.mjs'
import { pinnedNode } from '../pinned-node.mjs'
import { readJson, rootFolder } from '../workspace.mjs'
import { sourcesFolder } from './read-frameworks.mjs'

const installedFolder = join(rootFolder, '.frameworks')
const notCopied = new Set(['framework.json', 'node_modules'])
const quietly = {
  ASTRO_TELEMETRY_DISABLED: '1',
  NEXT_TELEMETRY_DISABLED: '1',
  NG_CLI_ANALYTICS: 'false',
  NUXT_TELEMETRY_DISABLED: '1',
}

/** Makes the folder in which the quick start runs, and returns it. Throws with the end of the output of what failed. */
export async function prepare({ name, build = [] }) {
  const source = join(sourcesFolder, name)
  const folder = join(installedFolder, name)
  const files = filesIn(source)
  const pins = ['package.json', 'package-lock.json'].map((file) => join(source, file))
  const installed = stampOf({ folder, files: build.length > 0 ? files : pins })
  const isFresh = !installed.isUpToDate()
  if (isFresh) installed.begin()
  mkdirSync(folder, { recursive: true })
  for (const entry of readdirSync(source).filter((each) => !notCopied.has(each)))
    cpSync(join(source, entry), join(folder, entry), { recursive: true })
  if (!isFresh) return folder
  // The pinned Node comes first: the one that started this script may be too old for a framework.
  const env = { ...quietly, PATH: `${dirname(pinnedNode())}${delimiter}${process.env.PATH}` }
  await runStep(
    process.platform === 'win32' ? 'npm.cmd' : 'npm',
    ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'],
    { cwd: folder, env },
  )
  for (const command of build) await runStep(pinnedNode(), command, { cwd: folder, env })
  installed.finish()
  return folder
}

/** The installed version of each package that the quick start depends on. */
export function versionsIn(folder) {
  const { dependencies } = readJson(join(folder, 'package.json'))
  return Object.fromEntries(
    Object.keys(dependencies).map((name) => [
      name,
      readJson(join(folder, 'node_modules', name, 'package.json')).version,
    ]),
  )
}

function filesIn(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('node_modules'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}
