import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')

/** Words that made readers read a sentence twice, with what to write instead. */
const words: readonly { readonly pattern: RegExp; readonly write: string }[] = [
  { pattern: /\banew\b/i, write: 'again, or a verb such as reload, restart, replace' },
  { pattern: /\bshall\b/i, write: 'must, or the present tense' },
  {
    pattern: /\b(?:whom|whoever|nobody|somebody|everybody)\b/i,
    write: 'the user, client or process that is meant',
  },
  { pattern: /(?<!\bthere )\b(?:is|are) no (?!longer\b)\w/i, write: 'is not a …, or: there is no …' },
  { pattern: /\b(?:what|that|which) (?:is|are) none\b/i, write: 'is not one' },
  { pattern: /\b(?:let|lets|letting) go\b/i, write: 'closes, releases' },
  { pattern: /\bcan not\b/i, write: 'cannot' },
  { pattern: /\bgives\b(?!-| up\b)/i, write: 'returns, passes, sets, sends' },
  { pattern: /\b(?:(?:is|are|was|were|be|been|being) told|told (?:of|apart|from|by))\b/i, write: tellAs() },
  { pattern: /\btells (?!\}|=)/i, write: tellAs() },
  { pattern: /\bhears? (?:of|from)\b/i, write: 'gets, receives, reads in' },
  { pattern: /\bmends?\b/i, write: 'fixes, repairs, cures' },
  {
    pattern: /\bstands? (?:in|before|behind|beside|above|there|at|still|alone)\b/i,
    write: 'is in, is part of, precedes, follows',
  },
  { pattern: /\bin (?:the )?places? of\b/i, write: 'instead of' },
  { pattern: /\bfor ever\b/i, write: 'forever' },
  { pattern: /\bwarned of\b/i, write: 'causes a warning' },
  { pattern: /(?<!as )\b(?:is|are|was|were) said\b/i, write: 'is reported' },
  { pattern: /\bfor want of\b/i, write: 'for lack of, because … is missing' },
  { pattern: /\bbut for\b/i, write: 'except, except for' },
  { pattern: /\bof a sudden\b/i, write: 'suddenly' },
  { pattern: /\bso many (?:of|\w+s)\b(?! that\b)/i, write: 'this many, or the number' },
  {
    pattern: /(?:\/\*\*?|\*|\/\/) Ha(?:s|ve) (?:an?|the|this|these|each|every|one|it|its)\b/,
    write: 'Makes …',
  },
]

function tellAs(): string {
  return 'reports, says, shows, distinguishes; gets a notice of'
}

/** Names, not words: the user of that name, also as a constant in code, files and hosts named after it, and ids of cases, which never change. */
const names =
  /['`]nobody['`.]|[([:=] ?nobody\b|, nobody(?=[)\],])|\b(?:user|const) nobody\b|\bnobody-has|'[\w/-]*-?nobody-[\w-]*'/g

/** Written by runs, with texts that are checked where they come from. */
const generated = ['docs/conformance.md', 'docs/benchmarks.md']

function filesToRead(): string[] {
  const places = ['packages', 'test', 'scripts', 'bench', 'examples', 'docs', '*.md', '.ci']
  const listed = execFileSync('git', ['ls-files', '--', ...places], { cwd: root, encoding: 'utf8' })
  return listed
    .split('\n')
    .filter((file) => /\.(?:ts|mts|mjs|js|md|sh)$|\/run$/.test(file))
    .filter((file) => file !== 'test/docs/plain-words.test.ts' && !generated.includes(file))
}

function plainFaults(file: string): string[] {
  const lines = readFileSync(join(root, file), 'utf8').split('\n')
  return lines.flatMap((line, index) => {
    const text = line.replaceAll(names, '')
    return words
      .filter(({ pattern }) => pattern.test(text))
      .map(({ write }) => `${file}:${index + 1}: ${line.trim()} (write: ${write})`)
  })
}

it('help, errors, documents, comments and test titles use plain words', () => {
  expect(filesToRead().flatMap(plainFaults)).toEqual([])
})
