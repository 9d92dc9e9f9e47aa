import { optionNames, optionRow } from '../option-table.ts'

/** The source text of `BackendSupport`, from the table: an editor shows the text of an option where a backend answers for it. */
export function supportType(): string {
  const members = optionNames.map((name) => {
    const { kind, summary } = optionRow(name)
    const key = name.includes('.') ? `'${name}'` : name
    const text = `${summary} Value: ${kind.expects}.`.replaceAll('*/', '*\\/')
    return `  /** ${text} */\n  readonly ${key}?: OptionAnswer<'${name}'> | undefined`
  })
  return `// Generated from the option table by \`npm run docs\`. Do not edit.
import type { OptionAnswer } from './support-answer.ts'

/** A backend's answers. An option without an answer is refused when a user sets it, so a new option does not break older backends. */
export interface BackendSupport {
${members.join('\n')}
}
`
}
