import { readBlocks } from '../pages/read-page.ts'

// The blocks of docs/external.md. Each has a mark before it.

const blocks = readBlocks('docs/external.md')

/** The commands of each recipe that a test runs, by its name. */
export const recipes: ReadonlyMap<string, string> = new Map(
  blocks.flatMap(({ kind, text }) => (kind?.kind === 'recipe' ? [[kind.name, text]] : [])),
)

/** The files that the reader of a recipe saves. */
export function filesFor(recipe: string): readonly { readonly path: string; readonly text: string }[] {
  return blocks.flatMap(({ kind, text }) =>
    kind?.kind === 'file' && kind.stories.includes(recipe) ? [{ path: kind.path, text }] : [],
  )
}

/** The names of the recipes that files are for. */
export const recipesWithFiles: readonly string[] = blocks.flatMap(({ kind }) =>
  kind?.kind === 'file' ? kind.stories : [],
)

/** The commands that no test runs, because the page says why not. */
export const notRun: readonly string[] = blocks.flatMap(({ kind, text }) =>
  kind?.kind === 'not run' ? [text] : [],
)

/** Lockstep's own flags in some commands: what precedes `--`. */
export function flagsOf(commands: string): string[] {
  return commands
    .split('\n')
    .filter((line) => line.startsWith('lockstep '))
    .flatMap((line) => line.split(' -- ')[0]?.split(' ') ?? [])
    .filter((word) => word.startsWith('--'))
}
