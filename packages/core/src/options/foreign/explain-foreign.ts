import { withValue } from './example-value.ts'
import { type ForeignMeaning, meaningsOfFlag, meaningsOfKey } from './foreign-launchers.ts'
import { foreignPage, rowId } from './foreign-page.ts'
import { keyHere } from './keys-here.ts'

/** The words of a refusal. */
export interface ForeignExplanation {
  /** "In PM2 it starts this many processes of the app." */
  readonly there: string
  /** What to write here, and where the docs say so. */
  readonly here: string
}

/** What an unknown flag is elsewhere; `null` for one that no known launcher has. */
export function explainFlag(flag: string, value?: string | undefined): ForeignExplanation | null {
  const meanings = meaningsOfFlag(flag, { value }).filter(({ row }) => row.answer === 'refused')
  return explanationOf(withOwnValue(meanings, value)) ?? (isNodeFlag(flag) ? nodeExplanation(flag) : null)
}

/** What one of our flags means elsewhere, when its value is wrong here. */
export function explainClash(flag: string, value?: string | undefined): string | null {
  const meanings = meaningsOfFlag(flag, { value }).filter(({ row }) => row.answer === 'clash')
  const explanation = explanationOf(withOwnValue(meanings, value))
  return explanation && `${explanation.there} ${explanation.here}`
}

/** What an unknown key of a configuration file is elsewhere. */
export function explainKey(key: string, value?: unknown): ForeignExplanation | null {
  const meanings = withOwnValue(meaningsOfKey(key), value)
  return explanationOf(
    meanings.map(({ launcher, row }) => ({ launcher, row: { ...row, here: keyHere(row) } })),
  )
}

function withOwnValue(meanings: readonly ForeignMeaning[], value: unknown): readonly ForeignMeaning[] {
  return meanings.map(({ launcher, row }) => ({
    launcher,
    row: { ...row, here: withValue(row.here, value) },
  }))
}

function explanationOf(meanings: readonly ForeignMeaning[]): ForeignExplanation | null {
  if (meanings.length === 0) return null
  const there = grouped(meanings, ({ row }) => row.does).map(
    ([does, group]) => `In ${list(group.map(({ launcher }) => launcher.name))} it ${does}.`,
  )
  const answers = grouped(meanings, ({ row }) => row.here)
  const here = answers.map(([text, group]) =>
    answers.length === 1 ? text : `From ${list(group.map(({ launcher }) => launcher.name))}: ${text}`,
  )
  const rows = answers.flatMap(([, [first]]) => (first ? `${foreignPage}#${rowId(first)}` : []))
  return { there: there.join(' '), here: `${here.join(' ')} See ${list(rows)}.` }
}

/** Node's own list. It also knows `--no-…` and underscores. */
function isNodeFlag(flag: string): boolean {
  return flag.startsWith('--') && process.allowedNodeEnvironmentFlags.has(flag)
}

function nodeExplanation(flag: string): ForeignExplanation {
  return {
    there: `It is a flag of Node.`,
    here: `Set it in the variable NODE_OPTIONS, which reaches every worker: \`NODE_OPTIONS=${flag}\`. See ${foreignPage}#node.`,
  }
}

function grouped(
  meanings: readonly ForeignMeaning[],
  by: (meaning: ForeignMeaning) => string,
): [string, readonly ForeignMeaning[]][] {
  return [...new Set(meanings.map(by))].map((key) => [key, meanings.filter((one) => by(one) === key)])
}

function list(words: readonly string[]): string {
  const unique = [...new Set(words)]
  return unique.length < 2 ? (unique[0] ?? '') : `${unique.slice(0, -1).join(', ')} and ${unique.at(-1)}`
}
