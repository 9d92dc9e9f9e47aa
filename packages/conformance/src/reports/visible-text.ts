/**
 * Makes everything in a text visible. Details quote what a server sent: control characters, halves of characters and marks that
 * turn the direction of writing would vanish, deceive the reader, or not be allowed in the format at all (XML 1.0 section 2.2).
 * Line ends and tabs stay.
 */
export function visibleText(text: string): string {
  return text
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(invisible, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`)
}

/** The same on one line. */
export function visibleLine(text: string): string {
  return visibleText(text).replaceAll(/\s+/g, ' ').trim()
}

// Controls (Cc) except tab and line feed, formats such as U+202E (Cf), halves of pairs (Cs), and unassigned code points (Cn).
const invisible = /[^\P{Cc}\t\n]|[\p{Cf}\p{Cs}\p{Cn}]|[\u2028\u2029]/gu
