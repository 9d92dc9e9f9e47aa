import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { helpTexts } from './pages/help-texts.ts'

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
  { pattern: /\blook(?:s|ed)? at (?:it |them )?from outside\b/i, write: 'tested over the network' },
  { pattern: /\btaken? up again\b|\btak(?:es?|ing) up TLS\b/i, write: 'reload, or: speaks TLS' },
  { pattern: /\b(?:is|are) served on[.,;:]/i, write: 'stays in use' },
  { pattern: /\bnot to be had\b/i, write: "can't be created, is missing" },
  { pattern: /\bothers can get at\b/i, write: 'other users can read' },
  { pattern: /\bleaves? root\b/i, write: 'switches user' },
  { pattern: /\b(?:the|a|his) group of his own\b|\b(?:his|her) own\b/i, write: 'your own, its own' },
  { pattern: /\bbeside others that are\b/i, write: 'although others are' },
  { pattern: /, or no more\b/i, write: 'or removes it' },
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
const generated = ['docs/conformance.md', 'docs/benchmarks.md', 'docs/benchmarks/details.md']

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

/** Words of our code that a user can't know. A page for users says it plainly, or links to docs/glossary.md. */
const jargon: readonly { readonly pattern: RegExp; readonly write: string }[] = [
  { pattern: /(?<![`"'/.-])\bverbs?\b(?! phrase)/i, write: 'command' },
  { pattern: /\bstations?\b/i, write: 'the part that acts on it' },
  { pattern: /\boracles?\b(?!\/)/i, write: 'the reference' },
  { pattern: /\bsabotage[sd]?\b(?!\/)/i, write: 'broken on purpose' },
  { pattern: /\bin waves?\b/i, write: 'some at a time' },
  { pattern: /\bmissed beats?\b/i, write: 'heartbeat' },
  { pattern: /\bprivate places?\b/i, write: 'private address' },
]

/** For contributors, who find these words in the code. docs/glossary.md explains them. */
const forContributors = ['docs/glossary.md', 'docs/stability.md']

it('pages for users have no words of our code', () => {
  const pages = filesToRead().filter(
    (file) =>
      /^(?:README|docs\/[\w-]+|packages\/\w+\/README)\.?(?:md)?$/.test(file) &&
      !forContributors.includes(file),
  )
  expect(pages.length).toBeGreaterThan(20)
  expect(pages.flatMap((file) => jargonIn(file, readFileSync(join(root, file), 'utf8')))).toEqual([])
})

it('the help of each command has no words of our code', async () => {
  const texts = await helpTexts()
  expect([...texts].flatMap(([name, text]) => jargonIn(`lockstep ${name} --help`, text))).toEqual([])
})

function jargonIn(place: string, text: string): string[] {
  return text
    .split('\n')
    .flatMap((line, index) =>
      jargon
        .filter(({ pattern }) => pattern.test(line))
        .map(({ write }) => `${place}:${index + 1}: ${line.trim()} (write: ${write})`),
    )
}

it('help, errors, documents, comments and test titles use plain words', () => {
  expect(filesToRead().flatMap(plainFaults)).toEqual([])
})
