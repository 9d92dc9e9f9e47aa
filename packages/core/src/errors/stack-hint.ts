import { codeOf, stackOf } from './thrown.ts'

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
  return hasFrameOfUser(stackOf(cause))
    ? 'The stack trace below shows where.'
    : (cures[codeOf(cause)] ?? otherwise)
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

function hasFrameOfUser(stack: string): boolean {
  const own = ownPlaces()
  return stack
    .split('\n')
    .some(
      (line) =>
        /^\s+at .*[/\\].*:\d+/.test(line) &&
        !/\(?node:/.test(line) &&
        !own.some((place) => line.includes(place)) &&
        !/[/\\]node_modules[/\\](?:jiti|c12|confbox)[/\\]/.test(line),
    )
}
