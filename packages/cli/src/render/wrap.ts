// An `import` of it would read every export, and load more than is used (see node-util.ts of @lockstep/core).
export const { stripVTControlCharacters: withoutColors } = process.getBuiltinModule('node:util')

/**
 * Text as lines of at most `width` columns. Each of its own lines is wrapped by itself, and keeps its indent. What has no space in it, such as a path,
 * stays whole even if it is longer: a terminal folds it, and it can still be copied.
 */
export function wrap(text: string, width: number): string[] {
  return text.split('\n').flatMap((line) => {
    const indent = /^ */.exec(line)?.[0] ?? ''
    return wrapLine(line.slice(indent.length), width - indent.length).map((part) => `${indent}${part}`)
  })
}

/** The same with a margin before each line but the first, of which `first` columns are taken already. */
export function hang(text: string, { width, margin }: { width: number; margin: number }): string {
  return wrap(text, width - margin).join(`\n${' '.repeat(margin)}`)
}

function wrapLine(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  let used = 0
  for (const word of text.split(' ').flatMap((each) => pieces(each, width))) {
    const columns = columnsOf(word.text)
    const gap = line !== '' && !word.isContinued ? 1 : 0
    if (line !== '' && used + gap + columns > width) {
      lines.push(line)
      line = word.text
      used = columns
    } else {
      line += `${gap === 1 ? ' ' : ''}${word.text}`
      used += gap + columns
    }
  }
  return [...lines, line]
}

interface Piece {
  readonly text: string
  /** Follows the piece before it without a space. */
  readonly isContinued: boolean
}

/** A word, or the parts of one that is too long and has places where a reader expects a break: `a|b|c`, and fingerprints. */
function pieces(word: string, width: number): Piece[] {
  const plain = columnsOf(word) > width ? withoutColors(word) : ''
  const parts = /^(?:[0-9A-F]{2}:)+[0-9A-F]{2},?$/.test(plain)
    ? word.split(/(?<=:)/)
    : plain.includes('|')
      ? word.split(/(?<=\|)/)
      : [word]
  return parts.map((text, index) => ({ text, isContinued: index > 0 }))
}

/** How many columns of a terminal a text takes, without its colours. */
export function columnsOf(text: string): number {
  const plain = withoutColors(text)
  if (/^[\x20-\u{2ff}\u2010-\u2027→✓✗➜]*$/u.test(plain)) return plain.length
  graphemes ??= new Intl.Segmenter()
  return [...graphemes.segment(plain)].reduce((sum, { segment }) => sum + (wide.test(segment) ? 2 : 1), 0)
}

/** Made when it is first needed: it takes as long as a twentieth of a start. */
let graphemes: Intl.Segmenter | undefined
/** East Asian wide and fullwidth characters (UAX #11), and emoji. */
const wide =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|^\p{Emoji_Presentation}/u
