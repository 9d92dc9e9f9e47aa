import { readdirSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import type { Fault } from '../errors/launch-error.ts'
import type { ResolvedOptions } from '../options/resolve-options.ts'
import { suggest } from '../options/sources/suggest.ts'
import type { PlannedApp } from '../plan/launch-plan.ts'
import { isClosedOff, statIfReachable } from '../platform/files/stat-if-reachable.ts'

const extensions = ['', '.js', '.mjs', '.cjs', '.ts', '.mts', '.cts'] as const

/** What is to be served, as far as that can be seen without loading it. */
export interface FoundApp {
  readonly app: PlannedApp | null
  readonly faults: readonly Fault[]
}

/** Finds what is to be served: the app's module, without loading it, a Python app by its target, or a program. */
export function findApp(options: ResolvedOptions): FoundApp {
  const { value, source } = options.app
  if (options.command.value !== null) return findCommand(options)
  if (options.backend.value === 'command') return { app: null, faults: [noProgram(options)] }
  if (typeof value === 'string' && isPython(options, value))
    return { app: { kind: 'python', target: pythonTarget(value), directory: source.directory }, faults: [] }
  const face = options.interface.value
  if (value === null) {
    return {
      app: null,
      faults: [
        {
          code: 'LOCKSTEP_ERR_APP_MISSING',
          message: 'Missing argument: the app.',
          hint: 'Name its module, as in `lockstep run ./server.js`, or set `app` in lockstep.config.ts. `lockstep --help` lists the commands.',
        },
      ],
    }
  }
  if (typeof value !== 'string') return { app: { kind: 'memory', interface: face }, faults: [] }

  const { path, exportName } = splitAppName(value)
  const tried = candidates(resolve(source.directory, path))
  const file = tried.find(isFile)
  if (file !== undefined) return { app: { kind: 'module', file, exportName, interface: face }, faults: [] }
  return {
    app: null,
    faults: [notFound({ given: value, path: resolve(source.directory, path), tried, source: source.label })],
  }
}

/** The export follows the last colon. A drive letter's colon is followed by no identifier alone, but by a path. */
export function splitAppName(given: string): { path: string; exportName: string | null } {
  const [, path, exportName] = /^(.{2,}):([\p{ID_Start}$_][\p{ID_Continue}$]*)$/u.exec(given) ?? []
  return path === undefined || exportName === undefined
    ? { path: given, exportName: null }
    : { path, exportName }
}

function findCommand({ command, app }: ResolvedOptions): FoundApp {
  const { value, source } = command
  const [program, ...args] = value ?? []
  if (app.value !== null)
    return {
      app: null,
      faults: [
        {
          code: 'LOCKSTEP_ERR_OPTION_CONFLICT',
          message: `Both an app (${app.source.label}) and a program (${source.label}) are named, and one of them would not run.`,
          hint: 'Leave one of them out.',
          source: source.label,
        },
      ],
    }
  if (program === undefined || program === '')
    return {
      app: null,
      faults: [
        {
          code: 'LOCKSTEP_ERR_APP_MISSING',
          message: `The program is missing: ${source.label} has no words.`,
          hint: programHint,
          source: source.label,
        },
      ],
    }
  return { app: { kind: 'command', command: [program, ...args], directory: source.directory }, faults: [] }
}

const programHint =
  'Name the program after `--`, as in `lockstep exec -- python server.py --port {port}`, or set `command` in lockstep.config.ts.'

function noProgram({ app, backend }: ResolvedOptions): Fault {
  return {
    code: 'LOCKSTEP_ERR_APP_MISSING',
    message:
      app.value === null
        ? 'Missing argument: the program.'
        : `The backend command runs a program, and ${typeof app.value === 'string' ? app.value : 'the app'} is named as an app.`,
    hint: programHint,
    source: backend.source.label,
  }
}

/** Servers for Python that a backend runs. */
const pythonServers: readonly unknown[] = ['gunicorn', 'uvicorn']

/** `main:app` where there is a main.py and no module of Node, or anything that a server for Python is to run. */
function isPython({ app: { source }, backend }: ResolvedOptions, value: string): boolean {
  if (pythonServers.includes(backend.value)) return true
  if (backend.value !== 'auto') return false
  const { path } = splitAppName(value)
  if (candidates(resolve(source.directory, path)).some(isFile)) return path.endsWith('.py')
  const place = resolve(source.directory, ...path.split('.'))
  return (
    /^[\p{ID_Start}_][\p{ID_Continue}.]*:/u.test(value) &&
    (isFile(`${place}.py`) || isFile(join(place, '__init__.py')))
  )
}

/** `./main.py:app` is how a path is named, and `main:app` how Python names the same. */
function pythonTarget(value: string): string {
  const { path, exportName } = splitAppName(value)
  if (!path.endsWith('.py')) return value
  const name = path
    .slice(0, -'.py'.length)
    .replace(/^\.[\\/]/, '')
    .replaceAll(/[\\/]/g, '.')
  return `${name}:${exportName ?? 'app'}`
}

function candidates(path: string): string[] {
  return [
    ...extensions.map((extension) => `${path}${extension}`),
    ...extensions.slice(1).map((extension) => join(path, `index${extension}`)),
  ]
}

function isFile(path: string): boolean {
  return statIfReachable(path)?.isFile() ?? false
}

function notFound({
  given,
  path,
  tried,
  source,
}: {
  given: string
  path: string
  tried: readonly string[]
  source: string
}): Fault {
  const isFolder = statIfReachable(path)?.isDirectory() ?? false
  const state = isFolder ? ', which is a folder' : isClosedOff(path) ? ', where permission is denied' : ''
  const near = isFolder ? undefined : suggest(basename(path), namesIn(dirname(path)))
  const advice = 'Name a JavaScript or TypeScript module by its path.'
  return {
    code: 'LOCKSTEP_ERR_APP_NOT_FOUND',
    message: `There is no app at ${given}${state}. Tried ${tried[0]}, the same with ${extensions.slice(1).join(', ')} added, and index files in a folder of that name.`,
    hint: near === undefined ? advice : `Did you mean ${join(dirname(path), near)}? ${advice}`,
    source,
  }
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory)
  } catch {
    return [] // There is no such folder either: then there is nothing to suggest.
  }
}
