// Each folder of a package's source says in a README.md what it is for, and holds few enough files to read their list.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')
const mostFiles = 18
const fewestLines = 5
const mostLines = 15
/** What explains more than one folder may be longer. */
const longHeads: Readonly<Record<string, number>> = { 'packages/core/src/backends/cluster': 79 }

const packages = readdirSync(join(root, 'packages')).filter((name) =>
  existsSync(join(root, 'packages', name, 'src')),
)
const folders = packages.flatMap((name) => foldersIn(`packages/${name}/src`))

function foldersIn(folder: string): string[] {
  const entries = readdirSync(join(root, folder), { withFileTypes: true })
  const inner = entries.filter((entry) => entry.isDirectory())
  return [folder, ...inner.flatMap(({ name }) => foldersIn(`${folder}/${name}`))]
}

function sourcesOf(folder: string): string[] {
  return readdirSync(join(root, folder)).filter((name) => name.endsWith('.ts'))
}

function headOf(folder: string): string {
  return readFileSync(join(root, folder, 'README.md'), 'utf8')
}

describe.each(folders)('%s', (folder) => {
  it(`holds at most ${mostFiles} source files`, () => {
    expect(sourcesOf(folder).length).toBeLessThanOrEqual(mostFiles)
  })

  it('has a short README.md that names its main files and what it may import', () => {
    const head = headOf(folder)
    const lines = head.trimEnd().split('\n').length
    expect(lines).toBeGreaterThanOrEqual(fewestLines)
    expect(lines).toBeLessThanOrEqual(longHeads[folder] ?? mostLines)
    if (sourcesOf(folder).length === 0) return
    const main = /^- Main files: (.+)$/m.exec(head)?.[1] ?? ''
    const named = [...main.matchAll(/`([\w-]+\.ts)`/g)].map(([, name = '']) => name)
    expect(named).not.toEqual([])
    expect(sourcesOf(folder)).toEqual(expect.arrayContaining(named))
  })

  it('imports nothing that its README.md does not list', () => {
    const allowed = allowedImports(folder)
    const strays = importsOf(folder).filter((found) => !isAllowed(found, { folder, allowed }))
    expect(strays.map(({ isType, ...found }) => ({ ...found, types: isType }))).toEqual([])
  })
})

interface Import {
  readonly file: string
  /** A folder below `src`, `src` itself, or a package of ours. */
  readonly from: string
  readonly isType: boolean
}

interface Allowed {
  readonly everything: boolean
  /** Folders with the folders in them. */
  readonly values: readonly string[]
  readonly types: readonly string[]
  /** Folders without the folders in them. */
  readonly files: readonly string[]
}

/** Reads `- May import: ‹folders›; types of ‹folders›; the files of ‹folder›; the package ‹name›.` */
function allowedImports(folder: string): Allowed {
  const text = /^- May import: (.+)\.$/m.exec(headOf(folder))?.[1] ?? ''
  const values: string[] = []
  const types: string[] = []
  const files: string[] = []
  for (const part of text.split('; ')) {
    const list = part.startsWith('types of ') ? types : part.startsWith('the files of ') ? files : values
    list.push(...[...part.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name))
  }
  return { everything: text.includes('every room'), values, types, files }
}

function importsOf(folder: string): Import[] {
  const statement =
    /^(?:import|export)\s+(type\s+)?[^'"`;]*?from\s+'([^']+)'|^import\s+'([^']+)'|\bimport\('([^']+)'\)/gm
  return sourcesOf(folder).flatMap((file) => {
    const code = readFileSync(join(root, folder, file), 'utf8')
    return [...code.matchAll(statement)].flatMap(([, type, named, bare, dynamic]) => {
      const from = target(folder, named ?? bare ?? dynamic ?? '')
      return from === null ? [] : [{ file, from, isType: type !== undefined }]
    })
  })
}

/** `null` for what a head does not list: parts of Node and packages of others. */
function target(folder: string, specifier: string): string | null {
  if (specifier.startsWith('@lockstep/')) return specifier.split('/').slice(0, 2).join('/')
  if (!specifier.startsWith('.')) return null
  const below = dirname(posix.join(folder, specifier))
  return below.split('/').slice(3).join('/') || 'src'
}

/** A folder may always import the folders in it. */
function isAllowed(
  { from, isType }: Import,
  { folder, allowed }: { folder: string; allowed: Allowed },
): boolean {
  const own = folder.split('/').slice(3).join('/') || 'src'
  if (from === own || from.startsWith(`${own}/`)) return true
  if (from.startsWith('@lockstep/')) return allowed.values.includes(from)
  if (allowed.everything || allowed.files.includes(from)) return true
  const isIn = (name: string): boolean => from === name || from.startsWith(`${name}/`)
  return allowed.values.some(isIn) || (isType && allowed.types.some(isIn))
}
