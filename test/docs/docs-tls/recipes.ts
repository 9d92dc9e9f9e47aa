import { type Block, readBlocks, readText } from '../pages/read-page.ts'

/** A fenced block of docs/tls.md that a reader types or saves. */
export interface Recipe {
  readonly name: string
  /** The language of the fence: `sh`, `powershell`, `js` … */
  readonly language: string
  /** The path where it is saved, if it is the content of a file. */
  readonly file: string | null
  readonly text: string
}

const blocks = readBlocks('docs/tls.md')
const source = readText('docs/tls.md')

/** The recipes, in order. */
export const recipes: readonly Recipe[] = blocks.flatMap(({ kind, language, text }) =>
  kind?.kind === 'recipe' ? [{ name: kind.name, file: kind.file, language, text }] : [],
)

/** The outputs that the documentation shows. */
export const outputs: readonly (Recipe & { readonly block: Block })[] = blocks.flatMap((block) =>
  block.kind?.kind === 'output'
    ? [{ name: block.kind.story, file: null, language: block.language, text: block.text, block }]
    : [],
)

/** Each TLS flag of Lockstep that the page names, in blocks and in prose. `--tls-max` belongs to curl. */
export const flagsNamed: readonly string[] = [
  ...new Set(Array.from(source.matchAll(/(?<=[\s`[])--(?!tls-max )(?:tls|ssl)-[a-z-]+/g), ([flag]) => flag)),
]

/** Each error code that the page names. */
export const codesNamed: readonly string[] = [
  ...new Set(Array.from(source.matchAll(/LOCKSTEP_ERR_[A-Z0-9_]+/g), ([code]) => code)),
]
