import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export const root = join(import.meta.dirname, '../../..')

const ofPackages = readdirSync(join(root, 'packages')).map((name) => `packages/${name}/README.md`)

/** Every page that users and contributors read, as a path from the root. */
export const pages: readonly string[] = [
  ...['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'SECURITY.md'],
  ...ofPackages.filter((path) => existsSync(join(root, path))),
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .map((name) => `docs/${name.replaceAll('\\', '/')}`)
    .filter((path) => path.endsWith('.md') && !path.startsWith('docs/api/') && !path.includes('node_modules'))
    .sort(),
]

/** What the tests do with a block. `test/docs/README.md` describes the marks. */
export type Kind =
  | {
      readonly kind: 'run'
      readonly story: string
      readonly exits: number
      readonly serves: boolean
      /** Files of the repository that the reader has. */
      readonly with: readonly string[]
    }
  | { readonly kind: 'file'; readonly path: string; readonly stories: readonly string[] }
  | { readonly kind: 'output'; readonly story: string; readonly ofServer: boolean }
  | { readonly kind: 'recipe'; readonly name: string; readonly file: string | null }
  | { readonly kind: 'not run'; readonly reason: string }
  | { readonly kind: 'picture' }

/** A fenced block. */
export interface Block {
  readonly page: string
  /** The line of its fence, from 1. */
  readonly line: number
  /** `sh`, `console`, `js` … */
  readonly language: string
  /** Ends with a newline. */
  readonly text: string
  /** `null` when the block has no mark, or one that is not understood. */
  readonly kind: Kind | null
}

export function readText(page: string): string {
  return readFileSync(join(root, page), 'utf8').replaceAll('\r\n', '\n')
}

const fence = /^```(?<language>\S*)[^\n]*\n(?<text>[\s\S]*?)^```$/gm

export function readBlocks(page: string, text: string = readText(page)): Block[] {
  return Array.from(text.matchAll(fence), ({ index, groups = {} }) => {
    const before = text.slice(0, index)
    const language = groups['language'] ?? ''
    return {
      page,
      line: before.split('\n').length,
      language,
      text: groups['text'] ?? '',
      kind: language === 'mermaid' ? { kind: 'picture' } : kindOf(lastParagraph(before)),
    }
  })
}

/** Lines that look like a block and are none that `readBlocks()` finds: an open fence, one in a list, or an indented block. */
export function strayFences(page: string, text: string = readText(page)): string[] {
  const rest = text.replaceAll(fence, '')
  return rest.split('\n').filter((line) => /^\s*(?:```|~~~)|^ {4}\S/.test(line))
}

function lastParagraph(before: string): string {
  return before.trimEnd().split('\n').at(-1) ?? ''
}

const mark = /^<!-- (?<word>run|file|output|recipe): (?<subject>\S+?)(?<more>(?:, .+)?) -->$/
const notRun = /^_Not run by the tests: (?<reason>.+)\._$/

function kindOf(line: string): Kind | null {
  const reason = notRun.exec(line)?.groups?.['reason']
  if (reason !== undefined) return { kind: 'not run', reason }
  const { word, subject = '', more = '' } = mark.exec(line)?.groups ?? {}
  const extras = new Map<string, string>()
  for (const extra of more.split(', ').filter((each) => each !== '')) {
    const [name = '', value = ''] = extra.split(': ')
    extras.set(name, value)
  }
  const take = (name: string): string | undefined => {
    const value = extras.get(name)
    extras.delete(name)
    return value
  }
  const kind = ((): Kind | null => {
    switch (word) {
      case 'run':
        return {
          kind: 'run',
          story: subject,
          exits: Number(take('exits') ?? 0),
          serves: take('serves') !== undefined,
          with: take('with')?.split(' ') ?? [],
        }
      case 'file': {
        const stories = take('for')?.split(' ') ?? []
        return stories.length === 0 ? null : { kind: 'file', path: subject, stories }
      }
      case 'output':
        return { kind: 'output', story: subject, ofServer: take('of') === 'server' }
      case 'recipe':
        return { kind: 'recipe', name: subject, file: take('file') ?? null }
      default:
        return null
    }
  })()
  // An extra that was not taken is a misspelt one.
  return extras.size === 0 ? kind : null
}
