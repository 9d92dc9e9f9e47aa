import { util } from '../platform/node/node-util.ts'

/**
 * What a terminal, or a reader of lines, could take for something else than text: control characters (C0, DEL, C1, so every escape
 * sequence), separators of lines and paragraphs, and the characters that change the direction of writing (Unicode's
 * bidirectional controls, UAX #9), by which a line shows another text than it has.
 */
const unsafe = /[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}\ufeff]/gu

const short: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

/**
 * Text from outside (an app, a client, a server, a file name, what a user typed) as one line that is safe to show: what is
 * unsafe is written as in a string of JavaScript, such as `\x1b`.
 */
export function visibleText(text: string): string {
  return text.replace(unsafe, (character) => short[character] ?? escaped(character, 'x'))
}

/** The same for text of several lines. All but the first are indented, so that none can pass for a line of ours. */
export function visibleLines(text: string, indent = '    '): string {
  return text
    .split(/\r?\n/)
    .map((line, index) => (index === 0 ? visibleText(line) : `${indent}${visibleText(line)}`))
    .join('\n')
}

/** JSON that is safe to show, and means the same: JSON itself escapes only the first 32 characters. */
export function visibleJson(value: unknown, space?: number): string {
  return visibleJsonText(JSON.stringify(value, null, space))
}

/** The same for a text that is JSON already. Outside of strings, it may only have line ends. */
export function visibleJsonText(json: string): string {
  return json.replace(unsafe, (character) => (character === '\n' ? character : escaped(character, 'u')))
}

/** The same facts, with every text in them as `visibleText()` shows it. For facts out of JSON, which a renderer shows to people. */
export function visibleFacts<Facts>(facts: Facts): Facts {
  if (typeof facts === 'string') return visibleText(facts) as Facts
  if (Array.isArray(facts)) return facts.map(visibleFacts) as Facts
  if (typeof facts !== 'object' || facts === null || util.types.isDate(facts)) return facts
  return Object.fromEntries(
    Object.entries(facts).map(([name, value]) => [visibleText(name), visibleFacts(value)]),
  ) as Facts
}

function escaped(character: string, form: 'x' | 'u'): string {
  const code = character.charCodeAt(0)
  const digits = code.toString(16)
  return form === 'x' && code < 0x100 ? `\\x${digits.padStart(2, '0')}` : `\\u${digits.padStart(4, '0')}`
}
