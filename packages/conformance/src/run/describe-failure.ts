import type { AssertionError } from 'node:assert'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { inspect } from 'node:util'
import type { ConformanceCase } from '../conformance-case.ts'

/**
 * What a failed case says: what was expected, what was found and what the case requires. Node's own text for values that differ, such as
 * `1 !== 2`, says none of it.
 */
export function describeFailure(
  error: AssertionError,
  { requirement }: Pick<ConformanceCase, 'requirement'>,
): string {
  return `${finding(error)}\nRequired: ${requirement}`
}

function finding(error: AssertionError): string {
  const { operator, generatedMessage, message } = error
  const difference = differences[operator]?.(shown(error.expected), shown(error.actual))
  if (difference === undefined) return generatedMessage ? `${message}${place(error)}` : message
  // Node adds a comparison line by line to the words of a case.
  return generatedMessage
    ? `${difference}${place(error)}`
    : `${message.split('\n+ actual - ')[0]}: ${difference}`
}

/** The operators of `node:assert` that compare two values. */
const differences: Readonly<Record<string, (expected: string, found: string) => string>> = {
  strictEqual: (expected, found) => `expected ${expected}, found ${found}`,
  deepStrictEqual: (expected, found) => `expected ${expected}, found ${found}`,
  notStrictEqual: (expected) => `expected anything but ${expected}, and found that`,
  notDeepStrictEqual: (expected) => `expected anything but ${expected}, and found that`,
}

const shown = (value: unknown): string =>
  inspect(value, {
    breakLength: Number.POSITIVE_INFINITY,
    depth: 5,
    maxArrayLength: 30,
    maxStringLength: 300,
  })

/** Which statement of the suite compares. */
function place({ stack = '' }: Error): string {
  const [, file = '', line = ''] = frameOfSuite.exec(stack) ?? []
  if (file === '') return ''
  const name = file.replace(/.*[\\/]conformance[\\/]\w+[\\/]/, '')
  return ` (${statementAt(file, Number(line))}line ${line} of ${name})`
}

const frameOfSuite = /((?:file:\/\/)?[^\s()]*[\\/]conformance[\\/](?:dist|src)[\\/][^\s()]*\.[jt]s):(\d+):\d+/

/** Empty when the file cannot be read. */
function statementAt(file: string, line: number): string {
  try {
    const text = readFileSync(file.startsWith('file:') ? fileURLToPath(file) : file, 'utf8')
    return `${text.split('\n')[line - 1]?.trim() ?? ''}, `
  } catch {
    return ''
  }
}
