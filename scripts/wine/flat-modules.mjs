// A node_modules folder that needs no resolved links. pnpm's does: a package's own dependencies are next to the place that
// its link leads to, and Windows Node under Wine sees a Linux link as an ordinary folder.
import { existsSync, mkdirSync, readdirSync, realpathSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { packageFolders, readJson } from '../workspace.mjs'

/**
 * Lays out all packages of the workspace and what they need at run time in `modules`, each version once where that is possible and
 * nested under its dependent where two versions meet. Nothing is copied: the files are links to what is installed and built.
 */
export function layOutFlatModules(modules) {
  for (const folder of packageFolders()) {
    const { name } = readJson(join(folder, 'package.json'))
    place({ name, folder: realpathSync(folder), levels: [modules] })
  }
}

/** `levels` are the node_modules folders in which the dependent looks, outermost first. */
function place({ name, folder, levels }) {
  const found = levels.toReversed().find((level) => existsSync(join(level, name)))
  if (found && originOf(join(found, name)) === folder) return
  // The outermost place shadows nothing unless a package on the way in has another version.
  const level = found ? levels.at(-1) : levels[0]
  const home = join(level, name)
  linkEntries(folder, home)
  const inner = [...levels.slice(0, levels.indexOf(level) + 1), join(home, 'node_modules')]
  for (const dependency of dependenciesOf(folder)) place({ ...dependency, levels: inner })
}

function linkEntries(folder, home) {
  mkdirSync(home, { recursive: true })
  for (const entry of readdirSync(folder).filter((entry) => entry !== 'node_modules'))
    symlinkSync(join(folder, entry), join(home, entry))
}

function originOf(home) {
  return dirname(realpathSync(join(home, 'package.json')))
}

function dependenciesOf(folder) {
  const { dependencies = {}, optionalDependencies = {} } = readJson(join(folder, 'package.json'))
  return Object.keys({ ...dependencies, ...optionalDependencies }).flatMap((name) => {
    const installed = installedFrom(folder, name)
    return installed ? [{ name, folder: installed }] : []
  })
}

/** An optional dependency of another platform is missing, which is as it should be. */
function installedFrom(folder, name) {
  for (let place = folder; ; place = dirname(place)) {
    const candidate = join(place, 'node_modules', name)
    if (existsSync(candidate)) return realpathSync(candidate)
    if (place === dirname(place)) return undefined
  }
}
