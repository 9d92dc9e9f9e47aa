import { realpathSync } from 'node:fs'
import { pathToFileURL } from 'node:url'

/** Whether a module was started by itself, instead of being imported. */
export function isMain(moduleUrl) {
  const startedScript = process.argv[1]
  return startedScript !== undefined && pathToFileURL(realpathSync(startedScript)).href === moduleUrl
}
