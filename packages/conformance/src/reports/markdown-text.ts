import { visibleLine } from './visible-text.ts'

/** Text that Markdown takes literally, on one line. CommonMark 0.31 section 2.4: any ASCII punctuation may be escaped. */
export function markdownText(text: string): string {
  return visibleLine(text).replaceAll(/[\\`*_[\]<>|~#!&$]/g, '\\$&')
}

/** A name as code. One that is more than a name is written as text, since nothing can be escaped in code (CommonMark 0.31 section 6.1). */
export function markdownCode(name: string): string {
  return /^[\w./:@-]+$/.test(name) ? `\`${name}\`` : markdownText(name)
}
