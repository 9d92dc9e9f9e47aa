import { statSync } from 'node:fs'
import { delimiter, join, resolve } from 'node:path'

/**
 * The files that a shell command names, as far as they can be seen without running it: the programs (looked up on the path, as the shell
 * does) and every other word that is a file. What it builds from variables is not seen.
 */
export function filesInCommand(
  command: string,
  { directory, searchPath }: { directory: string; searchPath: string },
): string[] {
  const files = command.split(/\|\||&&|[|;&\n()`]/).flatMap((simple) => {
    const words = wordsOf(simple)
    const program = words.find((word) => !/^\w+=/.test(word))
    return words.flatMap((word) => {
      const path = word.replace(/^\w+=/, '').replace(/^\d?[<>]+/, '')
      const found =
        word === program && !path.includes('/')
          ? lookUp(path, { directory, searchPath })
          : resolve(directory, path)
      return found !== null && isFile(found) ? [found] : []
    })
  })
  return [...new Set(files)]
}

/** The same for the words of a program that is started without a shell. */
export function filesInWords(
  [program = '', ...words]: readonly string[],
  { directory, searchPath }: { directory: string; searchPath: string },
): string[] {
  const found = program.includes('/')
    ? resolve(directory, program)
    : lookUp(program, { directory, searchPath })
  const named = words.map((word) => resolve(directory, word))
  return [...new Set([...(found === null ? [] : [found]), ...named])].filter(isFile)
}

/** White space divides, unless it is quoted. */
function wordsOf(text: string): string[] {
  return (text.match(/(?:"[^"]*"|'[^']*'|\\.|[^\s"'\\])+/g) ?? [])
    .map((word) => word.replaceAll(/["'\\]/g, ''))
    .filter((word) => word !== '')
}

function lookUp(
  program: string,
  { directory, searchPath }: { directory: string; searchPath: string },
): string | null {
  const candidates = searchPath.split(delimiter).map((folder) => join(resolve(directory, folder), program))
  return candidates.find(isFile) ?? null
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile()
  } catch {
    return false
  }
}
