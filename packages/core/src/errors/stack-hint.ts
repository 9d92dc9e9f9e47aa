import { codeOf, stackOf } from './thrown.ts'

/** Where this package is, as a stack names it: its frames are not those of a user. */
const ownFolder = new URL('.', import.meta.url).href

/**
 * The hint of an error that code of a user has thrown. The stack is announced only where it leads to a line of that code: Node and the loaders that
 * a file goes through are not where the mistake is. `otherwise` says what else helps.
 */
export function stackHint(cause: unknown, otherwise: string): string {
  return hasFrameOfUser(stackOf(cause)) ? `The stack below is its own.` : (cures[codeOf(cause)] ?? otherwise)
}

/** By the code of what Node throws before any line of a module has run. */
const cures: Readonly<Record<string, string>> = {
  ERR_MODULE_NOT_FOUND: 'Install the package that is named, or correct the path in the import.',
  MODULE_NOT_FOUND: 'Install the package that is named, or correct the path in the call of require().',
  ERR_UNSUPPORTED_DIR_IMPORT: 'Name a file in that folder: Node imports no folders.',
  ERR_UNKNOWN_FILE_EXTENSION: 'Name a JavaScript or TypeScript module.',
  ERR_REQUIRE_ASYNC_MODULE: 'Load it with import, or take the top-level await out of it.',
  EACCES: 'Give this user the right to read it.',
  EPERM: 'Give this user the right to read it.',
  ENOENT: 'Put the file there, or correct its path.',
}

function hasFrameOfUser(stack: string): boolean {
  return stack
    .split('\n')
    .some(
      (line) =>
        /^\s+at .*[/\\].*:\d+/.test(line) &&
        !/\(?node:/.test(line) &&
        !line.includes(ownFolder) &&
        !line.includes(new URL(ownFolder).pathname) &&
        !/[/\\]node_modules[/\\](?:jiti|c12|confbox)[/\\]/.test(line),
    )
}
