import { readFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import type { Fault } from '../../errors/launch-error.ts'
import { codeOf } from '../../errors/thrown.ts'
import { statIfReachable } from '../../platform/files/stat-if-reachable.ts'
import { nodeSettings } from '../../platform/node/node-surroundings.ts'
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
 * Finds the file that a folder serves: `exports` or `main` of its package.json, else what `scripts.start` starts, else its index file.
 * The package.json is read, and no script runs. `null`: there is neither a package.json that says so nor an index file.
 */
export function findInFolder(
  folder: string,
  { extensions, source }: { extensions: readonly string[]; source: string },
): InFolder | { readonly fault: Fault } | null {
  const fault = (message: string, hint: string): { fault: Fault } => ({
    fault: { code: 'LOCKSTEP_ERR_APP_NOT_FOUND', message, hint, source },
  })
  const find = (path: string): string | undefined =>
    [...extensions.map((extension) => `${path}${extension}`), ...indexFiles(path, extensions)].find(isFile)
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
  const missing: string[] = []
  for (const [field, path] of entriesOf(described)) {
    const file = find(resolve(folder, path))
    if (file !== undefined) return { file, chosenBy: `${field} of ${manifest}`, manifest, ...nothingElse }
    missing.push(`${field} of ${manifest} names ${path}`)
  }
  const script = described.scripts?.['start']
  if (typeof script === 'string' && script.trim() !== '') {
    const read = readStartScript(script, { nodeFlags: flagsOfNode(nodeSettings()), folder })
    if ('reason' in read)
      return fault(
        `${folder} is started by \`${script}\` (scripts.start of ${manifest}), which Lockstep reads and does not run: ${read.reason}.`,
        read.cure,
      )
    const file = find(resolve(folder, read.file))
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
  }
  const index = indexFiles(folder, extensions).find(isFile)
  if (index !== undefined)
    return { file: index, chosenBy: `${relative(folder, index)} in ${folder}`, manifest, ...nothingElse }
  if (missing.length === 0) return null
  return fault(
    `The folder ${folder} has no app that can be served: ${missing.join(', and ')}, and there is no such file.`,
    'Build the app first (`npm run build` in most projects), or name the file that is served.',
  )
}

interface Manifest {
  readonly exports?: unknown
  readonly main?: unknown
  readonly scripts?: Readonly<Record<string, unknown>>
}

/** What the package.json says; nothing, when there is none. */
function readManifest(file: string): Manifest {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EISDIR', 'EACCES'].includes(codeOf(error))) return {}
    throw error
  }
  const parsed: unknown = JSON.parse(text.replace(/^\uFEFF/, ''))
  return typeof parsed === 'object' && parsed !== null ? parsed : {}
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
