import { readFileSync } from 'node:fs'

/** A fenced block of docs/tls.md that a reader types or saves. */
export interface Recipe {
  readonly name: string
  /** The language of the fence: `sh`, `powershell`, `js` … */
  readonly language: string
  /** The path where it is saved, if it is the content of a file. */
  readonly file: string | null
  readonly text: string
}

const source = readFileSync(new URL('../../../docs/tls.md', import.meta.url), 'utf8')

/** `<!-- recipe: NAME -->`, `<!-- recipe: NAME, file: PATH -->` or `<!-- output: NAME -->`, an empty line, and the block. */
const block =
  /(?:<!-- (?<kind>recipe|output): (?<name>[\w-]+)(?:, file: (?<file>\S+))? -->\n\n)?```(?<language>\w*)\n(?<text>[\s\S]*?\n)```/g

const blocks = Array.from(source.matchAll(block), ({ groups = {} }) => ({
  kind: groups['kind'] ?? null,
  name: groups['name'] ?? '',
  file: groups['file'] ?? null,
  language: groups['language'] ?? '',
  text: groups['text'] ?? '',
}))

/** The recipes, in order. */
export const recipes: readonly Recipe[] = blocks.filter(({ kind }) => kind === 'recipe')

/** The outputs that the documentation shows. */
export const outputs: readonly Recipe[] = blocks.filter(({ kind }) => kind === 'output')

/** Blocks without a marker, so that no test can find them. */
export const unmarkedBlocks: readonly string[] = blocks
  .filter(({ kind }) => kind === null)
  .map(({ text }) => text)

/** The number of fences. It is two for each block, unless one was left open. */
export const fenceCount = source.split('\n').filter((line) => line.startsWith('```')).length

/** Each TLS flag of Lockstep that the page names, in blocks and in prose. `--tls-max` belongs to curl. */
export const flagsNamed: readonly string[] = [
  ...new Set(Array.from(source.matchAll(/(?<=[\s`[])--(?!tls-max )(?:tls|ssl)-[a-z-]+/g), ([flag]) => flag)),
]

/** Each error code that the page names. */
export const codesNamed: readonly string[] = [
  ...new Set(Array.from(source.matchAll(/LOCKSTEP_ERR_[A-Z0-9_]+/g), ([code]) => code)),
]
