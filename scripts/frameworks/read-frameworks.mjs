import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { readJson, rootFolder } from '../workspace.mjs'

export const backends = ['single', 'cluster']

/** Where the quick starts are. */
export const sourcesFolder = join(rootFolder, 'frameworks')

/** What was seen in the last run of each framework. The page comes from it. */
export const resultsFile = join(sourcesFolder, 'results.json')

/** Every framework with what its `framework.json` says, in the order of the page. */
export function readFrameworks() {
  return readdirSync(sourcesFolder)
    .filter((name) => existsSync(join(sourcesFolder, name, 'framework.json')))
    .map((name) => ({ name, ...readJson(join(sourcesFolder, name, 'framework.json')) }))
    .toSorted((one, other) => one.title.localeCompare(other.title, 'en', { numeric: true }))
}
