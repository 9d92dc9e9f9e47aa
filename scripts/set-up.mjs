// Installs the dependencies when they are missing or out of date, and does nothing otherwise.
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { runPnpm } from './pnpm.mjs'
import { packageFolders, pinnedPnpm, rootFolder } from './workspace.mjs'

// Inside node_modules, so that deleting node_modules is all it takes to start over.
const stampFile = join(rootFolder, 'node_modules', '.lockstep-setup')

export async function ensureInstalled() {
  const wanted = wantedStamp()
  const present = readStamp()
  if (present === wanted) return

  console.log(present ? 'Updating the dependencies …' : 'Setting up (first time, about a minute) …')
  // Without a stamp, an installation that is cut short is repeated the next time.
  rmSync(stampFile, { force: true })
  const exitCode = await runPnpm(['install', '--frozen-lockfile'])
  if (exitCode !== 0) throw new Error(failureText(exitCode))
  writeFileSync(stampFile, wanted)
}

function readStamp() {
  return existsSync(stampFile) ? readFileSync(stampFile, 'utf8') : undefined
}

/** One line per file that decides what gets installed, and the platform, whose binaries get installed. */
function wantedStamp() {
  const lines = filesThatDecide().map(
    (file) => `${relative(rootFolder, file).split(sep).join('/')} ${hashOf(file)}`,
  )
  return [`${process.platform} ${process.arch}`, ...lines, ''].join('\n')
}

function filesThatDecide() {
  const atRoot = ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'package.json', 'examples/package.json']
  const candidates = [
    ...atRoot.map((name) => join(rootFolder, name)),
    ...packageFolders().map((folder) => join(folder, 'package.json')),
  ]
  return candidates.filter((file) => existsSync(file))
}

function hashOf(file) {
  return createHash('sha256').update(readFileSync(file)).digest('hex')
}

function failureText(exitCode) {
  return [
    `The dependencies could not be installed (pnpm ended with exit code ${exitCode}; see above).`,
    'Setting up needs access to the npm registry that your npm is configured for.',
    `After changing dependencies, renew the lockfile with: npx -y ${pinnedPnpm()} install`,
  ].join('\n')
}
