const escapeCharacter = String.fromCharCode(27)
/** Colours, which tools put into their errors. */
const colours = new RegExp(`${escapeCharacter}\\[[\\d;]*m`, 'g')
/** Control characters, and what changes the direction of a text or ends its line. */
const unprintable = /[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]/gu

/** A text of a stranger, so that it can't command the terminal that shows it: colours are left out, the rest is written as `\u001b`. */
export function printable(text: string): string {
  return text.replaceAll(colours, '').replaceAll(unprintable, (character) => {
    if (character === '\n' || character === '\t') return character
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
}
