// The checks that need no build: code style, likely mistakes, the boundaries between the folders, and what the packages say about themselves.
import { checkManifests } from './check-packages.mjs'
import { isMain } from './is-main.mjs'
import { runTool } from './run-tool.mjs'
import { ensureInstalled } from './set-up.mjs'

export function checkStyle() {
  return runTool('@biomejs/biome', 'biome', ['check', '--error-on-warnings', '.'])
}

export function checkBoundaries() {
  return runTool('dependency-cruiser', 'depcruise', ['--config', '.dependency-cruiser.mjs', 'packages'])
}

if (isMain(import.meta.url)) {
  await ensureInstalled()
  const exitCodes = [await checkStyle(), await checkBoundaries(), checkManifests()]
  process.exitCode = Math.max(...exitCodes)
}
