// Builds all packages; takes about a second when nothing has changed.
import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { digestOfInputs, forgetBuild, isBuilt, recordBuild } from './build-state.mjs'
import { isMain } from './is-main.mjs'
import { runPnpm } from './pnpm.mjs'
import { ensureInstalled } from './set-up.mjs'
import { packageFolders } from './workspace.mjs'

const turboEnvironment = {
  TURBO_TELEMETRY_DISABLED: '1',
  TURBO_NO_UPDATE_NOTIFIER: '1',
}

/** Resolves with the exit code. turbo looks for pnpm on the PATH, where only pnpm itself has put it. */
export async function buildPackages() {
  const inputs = digestOfInputs()
  forgetBuild()
  for (const folder of packageFolders()) removeStaleOutput(folder)
  const args = ['exec', 'turbo', 'run', 'build', '--ui=stream', '--output-logs=new-only']
  const exitCode = await runPnpm(args, { env: turboEnvironment })
  if (exitCode === 0) recordBuild(inputs)
  return exitCode
}

/** Does nothing when the last build still holds: to start turbo takes some seconds. Resolves with the exit code. */
export async function buildIfChanged() {
  return isBuilt() ? 0 : buildPackages()
}

/** The compiler never deletes anything: after a source file has gone, start from an empty dist. Each source has a declaration. */
function removeStaleOutput(packageFolder) {
  const dist = join(packageFolder, 'dist')
  if (!existsSync(dist)) return
  const outputs = readdirSync(dist, { recursive: true }).filter((name) => /\.d\.ts(\.map)?$/.test(name))
  // Older builds wrote maps of declarations.
  const isStale = (name) =>
    name.endsWith('.map') || !existsSync(join(packageFolder, 'src', name.replace(/\.d\.ts$/, '.ts')))
  if (outputs.some(isStale)) rmSync(dist, { recursive: true })
}

if (isMain(import.meta.url)) {
  await ensureInstalled()
  process.exitCode = await buildPackages()
}
