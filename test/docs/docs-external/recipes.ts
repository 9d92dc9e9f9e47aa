import { readFileSync } from 'node:fs'

// The blocks of docs/external.md. Each has a marker before it.

const page = readFileSync(new URL('../../../docs/external.md', import.meta.url), 'utf8')

const block =
  /(?:<!-- (?:(?<kind>recipe): (?<name>[\w-]+)|file: (?<file>\S+), for: (?<user>[\w-]+)|not run: (?<reason>[^>]+)) -->\n\n)?```(?<language>\w+)\n(?<text>[\s\S]*?\n)```/g

const blocks = Array.from(page.matchAll(block), ({ groups = {} }) => groups)

/** The commands of each recipe that a test runs, by its name. */
export const recipes: ReadonlyMap<string, string> = new Map(
  blocks.flatMap(({ kind, name = '', text = '' }) => (kind ? [[name, text]] : [])),
)

/** The files that the reader of a recipe saves. */
export function filesFor(recipe: string): readonly { readonly path: string; readonly text: string }[] {
  return blocks.flatMap(({ user, file = '', text = '' }) => (user === recipe ? [{ path: file, text }] : []))
}

/** The names of the recipes that files are for. */
export const recipesWithFiles: readonly string[] = blocks.flatMap(({ user }) => (user ? [user] : []))

/** The commands that no test runs, because the page says why not. */
export const notRun: readonly string[] = blocks.flatMap(({ reason, text = '' }) => (reason ? [text] : []))

/** Blocks without a marker, so that no test can find them. */
export const unmarkedBlocks: readonly string[] = blocks.flatMap(({ kind, file, reason, text = '' }) =>
  kind || file || reason ? [] : [text],
)

/** The number of fences. It is two for each block, unless one was left open. */
export const fenceCount = page.split('\n').filter((line) => line.startsWith('```')).length
export const blockCount = blocks.length

/** Lockstep's own flags in some commands: what precedes `--`. */
export function flagsOf(commands: string): string[] {
  return commands
    .split('\n')
    .filter((line) => line.startsWith('lockstep '))
    .flatMap((line) => line.split(' -- ')[0]?.split(' ') ?? [])
    .filter((word) => word.startsWith('--'))
}
