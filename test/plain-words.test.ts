import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const root = join(import.meta.dirname, '..')

/** Words that made readers read a sentence twice, with what to write instead. */
const words: readonly { readonly pattern: RegExp; readonly write: string }[] = [
  { pattern: /\banew\b/i, write: 'again, or a verb such as reload, restart, replace' },
  { pattern: /\bshall\b/i, write: 'must, or the present tense' },
  {
    pattern: /\b(?:whom|whoever|nobody|somebody|everybody)\b/i,
    write: 'the user, client or process that is meant',
  },
  { pattern: /(?<!\bthere )\b(?:is|are) no (?!longer\b)\w/i, write: 'is not a …, or: there is no …' },
  { pattern: /\blets go\b/i, write: 'closes, releases' },
  { pattern: /\bcan not\b/i, write: 'cannot' },
]

/** Names, not words: the user of that name, and ids of cases, which never change. */
const names = /'nobody'|`nobody`|'[\w/-]*-?nobody-[\w-]*'/g

/** Written by runs, with texts that are checked where they come from. */
const generated = ['docs/conformance.md', 'docs/benchmarks.md']

function filesToRead(): string[] {
  const places = ['packages', 'scripts', 'bench', 'examples', 'docs', '*.md', '.ci']
  const listed = execFileSync('git', ['ls-files', '--', ...places], { cwd: root, encoding: 'utf8' })
  return listed
    .split('\n')
    .filter((file) => /\.(?:ts|mts|mjs|js|md|sh)$|\/run$/.test(file))
    .filter((file) => !/^packages\/\w+\/test\//.test(file) && !generated.includes(file))
}

it('help, errors, documents and comments use plain words', () => {
  const found: string[] = []
  for (const file of filesToRead()) {
    const lines = readFileSync(join(root, file), 'utf8').split('\n')
    for (const [index, line] of lines.entries()) {
      const text = line.replaceAll(names, '')
      for (const { pattern, write } of words)
        if (pattern.test(text)) found.push(`${file}:${index + 1}: ${line.trim()} (write: ${write})`)
    }
  }
  expect(found).toEqual([])
})
