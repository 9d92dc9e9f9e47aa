// An `import` of it would read every export, and load more than is used (see node-util.ts of @lockstep/core).
const { styleText } = process.getBuiltinModule('node:util')

type Format = Parameters<typeof styleText>[0]

let hasColors = true

/** `--no-color`: from now on all text of this process is plain. NO_COLOR does the same, and reaches the app too. */
export function switchColorsOff(): void {
  hasColors = false
}

/** Colours text for standard output. The text stays plain when that is not a terminal or NO_COLOR is set. */
export function style(format: Format, text: string): string {
  return text === '' || !hasColors ? text : styleText(format, text, { stream: process.stdout })
}

/** The same for standard error. */
export function styleError(format: Format, text: string): string {
  return hasColors ? styleText(format, text, { stream: process.stderr }) : text
}
