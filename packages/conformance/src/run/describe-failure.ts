import type { AssertionError } from 'node:assert'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { inspect } from 'node:util'
import type { Exchange } from '../clients/recorder.ts'
import type { ConformanceCase } from '../conformance-case.ts'

/**
 * What a failed case says: what was expected, what was found and what the case requires. Node's own text for values that differ, such as
 * `1 !== 2`, says none of it.
 */
export function describeFailure(error: AssertionError, { requirement, exchanges }: Told): string {
  const isUnanswered = hasNull(error.actual) && !hasNull(error.expected)
  const ending = isUnanswered ? lastEnding(exchanges) : ''
  return `${finding(error)}${ending}\nRequired: ${requirement}`
}

/**
 * What a case says that could not read an answer as JSON: which request it was, and what came instead. `null`: it is another error, or
 * no answer is known that is not JSON.
 */
export function describeUnreadable(error: unknown, { requirement, exchanges }: Told): string | null {
  if (!(error instanceof SyntaxError)) return null
  const exchange = exchanges.findLast(({ body }) => !isJson(body))
  if (!exchange) return null
  const { asked, status, body } = exchange
  const found =
    status === null
      ? `${asked}: ${howItEnded(exchange)}`
      : `${asked} was answered with status ${status} and the body ${shown(body)}, which is not JSON`
  return `${found}${place(error)}\nRequired: ${requirement}`
}

interface Told extends Pick<ConformanceCase, 'requirement'> {
  /** What the clients got before, the newest last. */
  readonly exchanges: readonly Exchange[]
}

/** Of one answer, or of a list of them. */
function hasNull(compared: unknown): boolean {
  return compared === null || (Array.isArray(compared) && compared.includes(null))
}

/** A case that compares with the status of an answer finds `null` where no answer came. */
function lastEnding(exchanges: readonly Exchange[]): string {
  const last = exchanges.findLast(({ status }) => status === null)
  return last ? `: ${howItEnded(last)} (${last.asked})` : ''
}

function howItEnded({ reason }: Exchange): string {
  if (reason === 'ECONNREFUSED') return 'the connection was refused'
  if (reason.startsWith('nothing within')) return `no answer came, ${reason}`
  return `the connection ended before the answer${reason === '' ? '' : `, ${reason}`}`
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

function finding(error: AssertionError): string {
  const { operator, generatedMessage, message } = error
  const difference = differences[operator]?.(shown(error.expected), shown(error.actual))
  if (difference === undefined) return generatedMessage ? `${message}${place(error)}` : message
  // Node adds a comparison to the words of a case: line by line, or as `1 !== 2`.
  return generatedMessage
    ? `${difference}${place(error)}`
    : `${message.split(/\n\+ actual - |\n\n[^\n]* !== /)[0]}: ${difference}`
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
