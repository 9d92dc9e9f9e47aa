import { readdirSync } from 'node:fs'
import { basename, dirname, isAbsolute, join, resolve } from 'node:path'
import type { Fault } from '../errors/launch-error.ts'
import type { ResolvedOptions } from '../options/resolve-options.ts'
import { suggest } from '../options/sources/suggest.ts'
import { isClosedOff, statIfReachable } from '../platform/files/stat-if-reachable.ts'
import { currentFolder } from '../platform/process/current-folder.ts'
import { findInFolder, type InFolder } from './app-folder/find-in-folder.ts'
import { asCommand, asScript, otherWays, usualFile } from './app-folder/other-ways.ts'
import { type FoundApp, findCommand, noProgram } from './find-command.ts'
import { findImports } from './find-imports.ts'
import { findPythonApp } from './find-python-app.ts'
import { findStaticFolder } from './find-static-folder.ts'

const extensions = ['', '.js', '.mjs', '.cjs', '.ts', '.mts', '.cts', '.tsx', '.jsx'] as const

/** Finds what is to be served: the app's module, without loading it, a Python app by its target, or a program. */
export async function findApp(options: ResolvedOptions): Promise<FoundApp> {
  const folder = findStaticFolder(options)
  if (folder) return folder
  const { value, source } = options.app
  if (options.command.value !== null) return findCommand(options)
  if (options.backend.value === 'command') return { app: null, faults: [noProgram(options)] }
  if (typeof value === 'string' && !isModule(options, value)) {
    const python = findPythonApp(value, options)
    if (python) return { app: python, faults: [] }
  }
  const face = options.interface.value
  if (value === null) {
    return {
      app: null,
      faults: [
        {
          code: 'LOCKSTEP_ERR_APP_MISSING',
          message: 'Missing argument: the app.',
          hint: hintWithoutApp(source.directory),
        },
      ],
    }
  }
  if (typeof value !== 'string')
    return { app: { kind: 'memory', interface: face }, faults: importTooLate(options) }

  const { path, exportName } = splitAppName(value)
  const place = resolve(source.directory, path)
  const found = findFile(place, {
    given: path,
    source: source.label,
    runsIn: options.chdir.value ?? currentFolder(),
  })
  if (found === null)
    return {
      app: null,
      faults: [notFound({ given: value, path: place, tried: candidates(place), options })],
    }
  if ('fault' in found) return { app: null, faults: [found.fault] }
  const { file, chosenBy, args, variables } = found
  const manifest =
    found.manifest === null
      ? null
      : { file: found.manifest, setsVariables: Object.keys(variables).length > 0 }
  const { files: imports, faults } = await findImports(options, { file, before: found.imports })
  return {
    app: { kind: 'module', file, exportName, imports, args, chosenBy, manifest, interface: face },
    faults,
    variables,
  }
}

type Found = Omit<InFolder, 'chosenBy' | 'manifest'> & {
  readonly chosenBy: string | null
  readonly manifest: string | null
}

/** A file by its name, else what the folder of that name serves. A package.json stands for its folder. */
function findFile(
  place: string,
  { given, source, runsIn }: { given: string; source: string; runsIn: string },
): Found | { readonly fault: Fault } | null {
  const file = candidates(place).find(isFile)
  if (file !== undefined && basename(file) === 'package.json')
    return findInFolder(dirname(file), { extensions, source, runsIn })
  if (file !== undefined && /\.(html?|json|css|md)$/i.test(file))
    return { fault: notModule(file, { given, source }) }
  if (file !== undefined)
    return { file, chosenBy: null, manifest: null, args: [], imports: [], variables: {} }
  if (statIfReachable(place)?.isDirectory() !== true) return null
  return findInFolder(place, { extensions, source, runsIn })
}

/** What Node does not load as an app. */
function notModule(file: string, { given, source }: { given: string; source: string }): Fault {
  const isPage = /\.html?$/i.test(file)
  return {
    code: 'LOCKSTEP_ERR_APP_NOT_FOUND',
    message: `There is no app at ${given}: that file is not a program.`,
    hint: isPage
      ? `To serve the files of its folder: \`lockstep serve ${dirname(given)}\`.`
      : 'Name a JavaScript or TypeScript module by its path.',
    source,
  }
}

/** An app that a program hands in has its modules already. */
function importTooLate({ import: { value, source } }: ResolvedOptions): Fault[] {
  if (value === null) return []
  return [
    {
      code: 'LOCKSTEP_ERR_OPTION_CONFLICT',
      message: `${source.label} would be loaded after the modules of the app, because the app is given in memory.`,
      hint: 'Name the module of the app by its path, or import it in the program before the app.',
      source: source.label,
    },
  ]
}

/** The export follows the last colon. A drive letter's colon is followed by no identifier alone, but by a path. */
export function splitAppName(given: string): { path: string; exportName: string | null } {
  const [, path, exportName] = /^(.{2,}):([\p{ID_Start}$_][\p{ID_Continue}$]*)$/u.exec(given) ?? []
  return path === undefined || exportName === undefined
    ? { path: given, exportName: null }
    : { path, exportName }
}

/** Python sources have the form of a module's path too. */
function isModule({ app: { source } }: ResolvedOptions, value: string): boolean {
  const { path } = splitAppName(value)
  if (path.endsWith('.py')) return false
  const place = resolve(source.directory, path)
  return [...candidates(place), ...candidates(join(place, 'index')), join(place, 'package.json')].some(isFile)
}

/** Whether there is a file or a folder that a name of an app may stand for, so that it is surely not a mistyped command. */
export function isPlaceOfApp(name: string, directory: string): boolean {
  const place = resolve(directory, splitAppName(name).path)
  return [...candidates(place), `${place}.py`].some((path) => statIfReachable(path) || isClosedOff(path))
}

function candidates(path: string): string[] {
  return extensions.map((extension) => `${path}${extension}`)
}

function isFile(path: string): boolean {
  return statIfReachable(path)?.isFile() ?? false
}

function notFound({
  given,
  path,
  tried,
  options,
}: {
  given: string
  path: string
  tried: readonly string[]
  options: ResolvedOptions
}): Fault {
  const { source } = options.app
  const isFolder = statIfReachable(path)?.isDirectory() ?? false
  const state = isFolder ? ', which is a folder' : isClosedOff(path) ? ', where permission is denied' : ''
  const near = isFolder ? undefined : suggest(basename(path), namesIn(dirname(path)))
  const other = isFolder
    ? otherWays(path, { from: source.directory })
    : (asScript(given, source.directory) ?? asCommand(given, source.directory))
  const advice = `${other ? `${other} ` : ''}Name a JavaScript or TypeScript module by its path.${wherePathsStart(given, options)}`
  return {
    code: 'LOCKSTEP_ERR_APP_NOT_FOUND',
    message: `There is no app at ${given}${state}. Tried ${tried[0]}, the same with ${extensions.slice(1).join(', ')} added, and package.json and index files in a folder of that name.`,
    hint: near === undefined ? advice : `Did you mean ${join(dirname(path), near)}? ${advice}`,
    source: source.label,
  }
}

/** The path of an import starts at the file that has it, and callers of `launch()` may expect the same of an app. */
function wherePathsStart(given: string, { app: { source }, chdir }: ResolvedOptions): string {
  if (source.kind !== 'api' || isAbsolute(given)) return ''
  const start = chdir.value === null ? 'the current folder' : 'the folder of `chdir`'
  return ` This path starts at ${start}; \`new URL('${given}', import.meta.url)\` starts at the file that calls launch().`
}

/** The folder may have an app: it is named, and not served without being asked for. */
function hintWithoutApp(folder: string): string {
  const found = findInFolder(folder, { extensions, source: folder, runsIn: folder })
  const here =
    found !== null && 'file' in found ? ` or \`lockstep run .\` for ${basename(found.file)} here,` : ''
  const usual = here === '' ? usualFile(folder, extensions) : null
  if (usual !== null) return `${usual} \`lockstep --help\` lists the commands.`
  return `Name its module, as in \`lockstep run ./server.js\`,${here} or set \`app\` in lockstep.config.ts. \`lockstep --help\` lists the commands.`
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory)
  } catch {
    return [] // There is no such folder either: then there is nothing to suggest.
  }
}
