/** A command, and what the page shows as its output; `null` when the page shows none. */
export interface Shown {
  readonly command: string
  readonly output: readonly string[] | null
}

/** The commands of an `sh` block. A command goes on after a `\` at the end of a line, and in a here-document. */
export function splitCommands(text: string): Shown[] {
  const commands: string[] = []
  let until: string | null = null
  let open = false
  for (const line of text.trimEnd().split('\n')) {
    if (until !== null || open) commands.push(`${commands.pop() ?? ''}\n${line}`)
    else if (line.trim() !== '' && !line.startsWith('#')) commands.push(line)
    if (until === null) until = /<<-? ?'?(\w+)'?/.exec(line)?.[1] ?? null
    else if (line.trim() === until) until = null
    open = line.endsWith('\\')
  }
  return commands.map((command) => ({ command: withoutComment(command), output: null }))
}

/** The commands of a `console` block, each after `$ `, with their outputs. */
export function splitConsole(text: string): Shown[] {
  return text
    .trimEnd()
    .split(/^\$ /m)
    .slice(1)
    .map((part) => {
      const [command = '', ...output] = part.trimEnd().split('\n')
      return { command: withoutComment(command), output: output.length === 0 ? null : output }
    })
}

function withoutComment(command: string): string {
  return command.includes('\n') ? command : command.replace(/\s+# .*$/, '')
}
