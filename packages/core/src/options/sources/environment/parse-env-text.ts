/** One assignment of an environment file. */
export interface EnvAssignment {
  readonly name: string
  readonly value: string
  /** From 1. */
  readonly line: number
  /** A `#` without a space before it has ended the value, as `node --env-file` has it. */
  readonly isCutAtHash: boolean
}

/** A line that can't be read. It is never quoted, for it may hold a secret. */
export interface EnvLineFault {
  readonly line: number
  /** Completes "Line 3 of .env …". */
  readonly says: string
  readonly hint: string
}

/**
 * Reads an environment file as `node --env-file` does, with one difference: what Node skips or cuts off without a word is a fault here. That
 * is a line that assigns nothing, text behind a closing quote, and a quote that is never closed.
 */
export function parseEnvText(text: string): {
  assignments: readonly EnvAssignment[]
  faults: readonly EnvLineFault[]
} {
  const assignments: EnvAssignment[] = []
  const faults: EnvLineFault[] = []
  let rest = text
  let line = 1
  while (rest !== '') {
    const [head = ''] = rest.split('\n', 1)
    let taken = head
    if (!/^\s*(?:#|$)/.test(head)) {
      const assigned = assignment.exec(head)
      if (assigned) {
        const [before, name = ''] = assigned
        const read = readValue(rest.slice(before.length))
        if ('says' in read) faults.push({ line, ...read })
        else {
          assignments.push({ name, line, value: read.value, isCutAtHash: read.isCutAtHash })
          taken = before + read.taken
        }
      } else faults.push({ line, ...noAssignment(head) })
    }
    line += taken.split('\n').length
    rest = rest.slice(taken.length + 1)
  }
  return { assignments, faults }
}

/** A shell's `export` may precede it. */
const assignment = /^\s*(?:export\s+)?(?!\$)([^\s='"`#]*[^\s=:'"`#])[ \t]*=/

type Wrong = Pick<EnvLineFault, 'says' | 'hint'>

/** Reads a value from behind the equals sign. `taken` is the text up to the end of its last line. */
function readValue(text: string): { value: string; taken: string; isCutAtHash: boolean } | Wrong {
  const [head = ''] = text.split('\n', 1)
  const indent = /^[ \t]*/.exec(head)?.[0] ?? ''
  const quote = head[indent.length] ?? ''
  if (!['"', "'", '`'].includes(quote)) {
    const [value = ''] = head.split('#', 1)
    const isCutAtHash = value !== head && !/(?:^|[ \t])$/.test(value)
    return { value: trimmed(value), taken: head, isCutAtHash }
  }
  const start = indent.length + 1
  const end = text.indexOf(quote, start)
  if (end < 0) {
    return {
      says: `has a value that begins with ${quote}, and no ${quote} ends it`,
      hint: `Close the quote, or put the value into other quotes (${["'", '"', '`'].filter((other) => other !== quote).join(' or ')}).`,
    }
  }
  const [behind = ''] = text.slice(end + 1).split('\n', 1)
  if (!/^\s*(?:#|$)/.test(behind)) {
    return {
      says: `has more text behind the closing ${quote} of its value`,
      hint: `A value that has ${quote} in it goes into other quotes; there is no escape for a quote.`,
    }
  }
  const value = text.slice(start, end)
  return {
    // Node does so in double quotes alone.
    value: quote === '"' ? value.replaceAll('\\n', '\n') : value,
    taken: text.slice(0, end + 1) + behind,
    isCutAtHash: false,
  }
}

/** A no-break space belongs to the value, where it is refused in words by what reads it. */
const trimmed = (value: string): string => value.replaceAll(/^[ \t]+|[ \t]+$/g, '')

const otherForms: readonly (readonly [RegExp, string])[] = [
  [/^\s*\$env:/i, 'That is PowerShell. Write NAME=value.'],
  [/^\s*set\s/i, 'That is cmd.exe. Write NAME=value.'],
  [/^\s*[\w.-]+\s*:/, 'Write NAME=value, with an equals sign instead of the colon.'],
]

function noAssignment(line: string): Wrong {
  const hint = otherForms.find(([form]) => form.test(line))?.[1]
  return {
    says: 'is not an assignment, a comment or a blank line',
    hint: hint ?? 'Write NAME=value. A comment begins with #, and a value of several lines needs quotes.',
  }
}
