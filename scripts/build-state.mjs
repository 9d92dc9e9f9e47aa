// Whether what is built is that of the sources as they are, so that a run of one test can do without a build. It takes a tenth of a second.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { packageFolders, readJson, rootFolder } from './workspace.mjs'

// Inside node_modules, like the stamp of the set-up.
const stampFile = join(rootFolder, 'node_modules', '.lockstep-build')

/** Whether nothing has changed since the last build that went well: neither what goes into it, nor what came out of it. */
export function isBuilt() {
  return existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stampOfNow()
}

/** To be called after a build that went well. `before` is the digest of what went into it: a source may have changed meanwhile. */
export function recordBuild(before) {
  if (before === digestOfInputs()) writeFileSync(stampFile, stampOfNow())
}

/** To be called before a build. */
export function forgetBuild() {
  rmSync(stampFile, { force: true })
}

function stampOfNow() {
  return `sources ${digestOfInputs()}\noutput ${digestOfOutputs()}\n`
}

/** By content: a checkout of another commit and back changes the times of files, but not what is built. turbo.json has the same inputs. */
export function digestOfInputs() {
  const { globalDependencies } = readJson(join(rootFolder, 'turbo.json'))
  const files = [
    join(rootFolder, 'turbo.json'),
    // What is installed is bundled.
    join(rootFolder, 'node_modules', '.lockstep-setup'),
    ...globalDependencies.map((name) => join(rootFolder, name)),
    ...packageFolders().flatMap((folder) => [
      join(folder, 'package.json'),
      join(folder, 'tsconfig.json'),
      ...filesIn(join(folder, 'src')),
    ]),
  ]
  const hash = createHash('sha256')
  for (const file of files)
    hash
      .update(`${relative(rootFolder, file)}\0`)
      .update(readFileSync(file))
      .update('\0')
  return hash.digest('hex')
}

/** By size and time: only a build writes there. */
function digestOfOutputs() {
  const hash = createHash('sha256')
  for (const file of packageFolders().flatMap((folder) => filesIn(join(folder, 'dist')))) {
    const { size, mtimeMs } = statSync(file)
    hash.update(`${relative(rootFolder, file)} ${size} ${mtimeMs}\n`)
  }
  return hash.digest('hex')
}

function filesIn(folder) {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}
