import { visibleText } from '../visible-text.ts'

/** HTML that is safe to put into a page. Only `html` makes it. */
export interface Markup {
  readonly markup: string
}

type Piece = string | number | Markup | readonly Markup[]

/** A template in which every text is escaped; only what is markup already goes in as it is. */
export function html(parts: TemplateStringsArray, ...pieces: readonly Piece[]): Markup {
  return { markup: String.raw({ raw: parts }, ...pieces.map(written)) }
}

function written(piece: Piece): string {
  if (typeof piece === 'string') return escaped(visibleText(piece))
  if (typeof piece === 'number') return String(piece)
  if ('markup' in piece) return piece.markup
  return piece.map(({ markup }) => markup).join('')
}

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
