import { join, relative, resolve } from 'node:path'
import type { Fault } from '../../errors/launch-error.ts'
import { statIfReachable } from '../../platform/files/stat-if-reachable.ts'
import { nodeSettings } from '../../platform/node/node-surroundings.ts'
import { commandOfDependency } from './command-of-dependency.ts'
import { nodeScript, usualFile } from './other-ways.ts'
import { type Manifest, readManifest } from './read-manifest.ts'
import { flagsOfNode, readStartScript } from './read-start-script.ts'

/** What is served of a folder. */
export interface InFolder {
  readonly file: string
  /** Why this file: for the plan. */
  readonly chosenBy: string
  /** The package.json; it need not exist. */
  readonly manifest: string
  /** Of the start script, when that was followed. */
  readonly args: readonly string[]
  readonly imports: readonly string[]
  readonly variables: Readonly<Record<string, string>>
}

const nothingElse = { args: [], imports: [], variables: {} } as const

/**
 * Finds the file that a folder serves: what `npm start` starts by `scripts.start`, else `exports` or `main` of its package.json, else its index
 * file. The package.json is read, and no script runs. The script may start Node, or a command of a dependency that runs in Node. A script that
 * starts Node in a way that can't be taken over is a fault, since its settings would be lost. One that starts something else is a fault where
 * nothing else names a file. `null`: there is neither a package.json that says so nor an index file. `runsIn`: the folder in which the app runs.
 */
export function findInFolder(
  folder: string,
  { extensions, source, runsIn }: { extensions: readonly string[]; source: string; runsIn: string },
): InFolder | { readonly fault: Fault } | null {
  const fault = (message: string, hint: string): { fault: Fault } => ({
    fault: { code: 'LOCKSTEP_ERR_APP_NOT_FOUND', message, hint, source },
  })
  const manifest = join(folder, 'package.json')
  let described: Manifest
  try {
    described = readManifest(manifest)
  } catch (error) {
    return fault(
      `${manifest} is not valid JSON: ${(error as Error).message}.`,
      'Correct it, or name the file that is served.',
    )
  }
  const find = (path: string): string | undefined =>
    [...extensions.map((extension) => `${path}${extension}`), ...indexFiles(path, extensions)].find(isFile)
  const { main, scripts } = described
  const findMain = (): string | undefined =>
    typeof main === 'string' && main !== '' ? find(resolve(folder, main)) : undefined
  const script = scripts?.['start']
  const missing: string[] = []
  let foreign: { readonly fault: Fault } | null = null
  let notFollowed = ''
  if (typeof script === 'string' && script.trim() !== '') {
    const read = readStartScript(script, {
      nodeFlags: flagsOfNode(nodeSettings()),
      folder,
      runsIn,
      commandOf: (command) => commandOfDependency(command, { folder, manifest: described }),
    })
    if ('reason' in read) {
      const { reason, cure, startsNode } = read
      const refused = fault(
        `${folder} is started by \`${script}\` (scripts.start of ${manifest}), which Lockstep reads and does not run: ${reason}.`,
        startsNode ? cure : [nodeScript(folder), cure].filter((text) => text !== null).join(' '),
      )
      if (startsNode) return refused
      foreign = refused
      notFollowed = `; scripts.start is not followed, because ${reason}`
    } else if (read.command !== null && folder !== runsIn) {
      return fault(
        `${folder} is started by \`${script}\` (scripts.start of ${manifest}), which npm runs in that folder. This server runs its app in ${runsIn}.`,
        `Run it there: --chdir ${folder}.`,
      )
    } else {
      const place = resolve(folder, read.file)
      // `node .` starts what `main` names.
      const file = (place === folder ? findMain() : undefined) ?? find(place)
      const anchored = (name: string): string => (/^\.{1,2}\//.test(name) ? resolve(folder, name) : name)
      if (file !== undefined)
        return {
          ...read,
          file,
          manifest,
          chosenBy: `scripts.start of ${manifest}: ${script}`,
          imports: read.imports.map(anchored),
        }
      missing.push(`scripts.start of ${manifest} starts ${read.file}`)
      notFollowed = `; scripts.start starts ${read.file}, which does not exist`
    }
  }
  for (const [field, path] of entriesOf(described)) {
    const file = find(resolve(folder, path))
    if (file !== undefined)
      return { file, chosenBy: `${field} of ${manifest}${notFollowed}`, manifest, ...nothingElse }
    missing.push(`${field} of ${manifest} names ${path}`)
  }
  if (foreign) return foreign
  const index = indexFiles(folder, extensions).find(isFile)
  if (index !== undefined)
    return {
      file: index,
      chosenBy: `${relative(folder, index)} in ${folder}${notFollowed}`,
      manifest,
      ...nothingElse,
    }
  if (missing.length === 0) return null
  return fault(
    `The folder ${folder} has no app that can be served: ${missing.join(', and ')}, and there is no such file.`,
    usualFile(folder, extensions) ??
      'Build the app first (`npm run build` in most projects), or name the file that is served.',
  )
}

function entriesOf({ exports, main }: Manifest): (readonly [field: string, path: string])[] {
  const exported = pathOfExports(exports)
  return [
    ...(exported === null ? [] : [['exports', exported] as const]),
    ...(typeof main === 'string' && main !== '' ? [['main', main] as const] : []),
  ]
}

/** The conditions that an import in Node meets: https://nodejs.org/api/packages.html#conditional-exports */
const conditions = new Set(['.', 'node', 'import', 'module-sync', 'require', 'default'])

function pathOfExports(exports: unknown): string | null {
  if (typeof exports === 'string') return exports
  if (typeof exports !== 'object' || exports === null) return null
  for (const [condition, inner] of Object.entries(exports)) {
    const found = conditions.has(condition) ? pathOfExports(inner) : null
    if (found !== null) return found
  }
  return null
}

function indexFiles(path: string, extensions: readonly string[]): string[] {
  return extensions
    .filter((extension) => extension !== '')
    .map((extension) => join(path, `index${extension}`))
}

function isFile(path: string): boolean {
  return statIfReachable(path)?.isFile() ?? false
}
