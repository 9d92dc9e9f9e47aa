import { fileURLToPath } from 'node:url'
import type { Fault } from './launch-error.ts'
import { codeOf, isErrorLike, messageOf, stackOf } from './thrown.ts'

/** For a report that prints the stack after the hint. */
const stackIsBelow = 'The stack trace below shows where.'

/**
 * Where this package is, as a stack names it: its frames are not those of a user. Looked for when it is needed: where a program was bundled as
 * CommonJS, there is no place to start from.
 */
function ownPlaces(): readonly string[] {
  try {
    const { href, pathname } = new URL('.', import.meta.url)
    return [href, pathname]
  } catch {
    return []
  }
}

/**
 * The hint of an error that code of a user has thrown. The stack is announced only where it leads to a line of that code: Node and the loaders that
 * a file goes through are not where the mistake is. `otherwise` says what else helps.
 */
export function stackHint(cause: unknown, otherwise: string): string {
  const cure = installIt(cause)
  if (frameOfUser(cause) === undefined)
    return cure ?? makeItModule(cause) ?? correctPath(cause) ?? cures[codeOf(cause)] ?? otherwise
  return cure === null ? stackIsBelow : `${cure} ${stackIsBelow}`
}

/** The hint for a report without the stack: it names the place instead. */
export function hintWithoutStack({ hint, cause }: Pick<Fault, 'hint' | 'cause'>): string {
  const place = placeOfUser(cause)
  if (place === null) return hint.replace(stackIsBelow, 'The log of the server shows where.')
  return hint.replace(stackIsBelow, `Look at ${place}.`).replace('Correct it there', `Correct it at ${place}`)
}

/** The place in code of a user where a value was thrown, as `FILE:LINE`; `null` when its stack does not contain it. */
function placeOfUser(cause: unknown): string | null {
  if (!isErrorLike(cause)) return null
  // V8 puts the place of some syntax errors in front of the stack.
  const [first = ''] = stackOf(cause).split('\n', 1)
  const [, file, line] =
    /^(\S.*):(\d+)$/.exec(first) ?? /^\s+at (?:.*\()?(.+?):(\d+):\d+\)?$/.exec(frameOfUser(cause) ?? '') ?? []
  return file === undefined ? null : `${file.startsWith('file:') ? fileURLToPath(file) : file}:${line}`
}

/** The name of a package, as npm has it. */
const packageName = /^(?:@[a-z0-9~-][\w.~-]*\/)?[a-z0-9~-][\w.~-]*$/

/** For a package that is missing; `null` for anything else, such as a path, or a file within a package. */
function installIt(cause: unknown): string | null {
  if (!['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND'].includes(codeOf(cause))) return null
  const name = /^Cannot find (?:module|package) '([^']+)'/.exec(messageOf(cause))?.[1]
  return name !== undefined && packageName.test(name)
    ? `Install the package that is named, where the app is: \`npm install ${name}\`.`
    : null
}

/** `npm init` declares the type commonjs, and most guides are written in modules. */
function makeItModule(cause: unknown): string | null {
  const isModule =
    isErrorLike(cause) &&
    cause.name === 'SyntaxError' &&
    /^(?:Cannot use import statement outside a module|Unexpected token 'export')$/.test(cause.message)
  if (!isModule) return null
  return /^\S.*\.cjs:\d+$/m.test(stackOf(cause))
    ? 'Let the file end in .mjs: Node takes a file that ends in .cjs as CommonJS.'
    : 'Write "type": "module" in the package.json of the app, or let the file end in .mjs.'
}

/** For a file that is missing: no package can be installed for it. */
function correctPath(cause: unknown): string | null {
  return codeOf(cause) === 'ERR_MODULE_NOT_FOUND' &&
    /^Cannot find module '(?:\/|[A-Za-z]:|file:)/.test(messageOf(cause))
    ? 'Correct the path in the import. A path to a file has its ending.'
    : null
}

/** By the code of what Node throws before any line of a module has run. */
const cures: Readonly<Record<string, string>> = {
  ERR_MODULE_NOT_FOUND: 'Install the package that is named, or correct the path in the import.',
  MODULE_NOT_FOUND: 'Install the package that is named, or correct the path in the call of require().',
  ERR_UNSUPPORTED_DIR_IMPORT: 'Name a file in that folder: Node imports no folders.',
  ERR_UNKNOWN_FILE_EXTENSION:
    "Node does not load files of this kind: compile it, or have a loader do so, such as NODE_OPTIONS='--import tsx'.",
  ERR_REQUIRE_ASYNC_MODULE: 'Load it with import, or take the top-level await out of it.',
  EACCES: 'Give this user the right to read it.',
  EPERM: 'Give this user the right to read it.',
  ENOENT: 'Put the file there, or correct its path.',
}

function frameOfUser(cause: unknown): string | undefined {
  const own = ownPlaces()
  return stackOf(cause)
    .split('\n')
    .find(
      (line) =>
        /^\s+at .*[/\\].*:\d+/.test(line) &&
        !/\(?node:/.test(line) &&
        !own.some((place) => line.includes(place)) &&
        !/[/\\]node_modules[/\\](?:jiti|c12|confbox)[/\\]/.test(line),
    )
}
