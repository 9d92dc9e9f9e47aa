import { dirname, sep } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import {
  type ErrorCode,
  type Fault,
  isCatalogCode,
  isErrorLike,
  textWidth,
  visibleLines,
  visibleText,
} from '@lockstep/core/internal'
import { packageFolder } from '../package-folder.ts'
import { pageOfCode } from './page-of-code.ts'
import { styleError } from './style.ts'
import { hang } from './wrap.ts'

/** These wrap an error that other code has thrown, or a bug of ours. */
const codesOfOthers: readonly ErrorCode[] = [
  'LOCKSTEP_ERR_APP_LOAD',
  'LOCKSTEP_ERR_APP_START',
  'LOCKSTEP_ERR_APP_CRASH',
  'LOCKSTEP_ERR_HOOK_BEFORE_START',
  'LOCKSTEP_ERR_BACKEND_LOAD',
  'LOCKSTEP_ERR_INTERNAL',
  'LOCKSTEP_ERR_CONFIG_UNREADABLE',
]

/** A backend of another author may wrap an error of its program in the same way. */
const isOfOthers = (code: ErrorCode): boolean => codesOfOthers.includes(code) || !isCatalogCode(code)

/**
 * Each fault as a few lines for standard error: what, where it was set, the cure, and the code with the page that explains it. An app's own
 * error is followed by its own stack.
 */
export function renderFaults(faults: readonly Fault[], width: number = textWidth('stderr')): string {
  const paragraphs = faults.map((given) => {
    const fault = shown(given)
    const stack = isOfOthers(fault.code)
      ? ownStack(fault.cause, { isWhole: fault.code === 'LOCKSTEP_ERR_INTERNAL' })
      : ''
    const parts = [
      `${styleError('red', '✗')} ${hang(fault.message, { width, margin: 2 })}`,
      ...[setBy(fault), fault.hint]
        .filter((text) => text !== '')
        .map((text) => `  ${hang(text, { width, margin: 2 })}`),
      codeLine(fault.code, width),
      ...(stack === '' ? [] : [stack]),
    ]
    return `${parts.join('\n')}\n`
  })
  return faults.length > 1
    ? `${faults.length} things are wrong:\n${paragraphs.join('\n')}`
    : paragraphs.join('')
}

/** The code, and the page that explains it: beside it, or below it where that is too wide. */
function codeLine(code: ErrorCode, width: number): string {
  const line = `  [${styleError('bold', code)}]`
  if (!isCatalogCode(code)) return line
  const page = visibleText(pageOfCode(code))
  const fits = `  [${code}] ${page}`.length <= width
  return `${line}${fits ? ' ' : '\n  '}${styleError('dim', page)}`
}

/** Each text may contain what an app, a server or the user wrote. */
function shown({ message, hint, source, ...rest }: Fault): Fault {
  return {
    ...rest,
    message: visibleLines(message),
    hint: visibleLines(hint),
    ...(source !== undefined && { source: visibleText(source) }),
  }
}

/** Where the wrong value was set, unless the message says so already. */
function setBy({ message, source }: Fault): string {
  if (source === undefined || source === 'the default' || ofArguments.has(source)) return ''
  const texts = [` ${message}`, ` ${message.charAt(0).toLowerCase()}${message.slice(1)}`]
  const said = [' ', '('].some((before) => texts.some((text) => text.includes(`${before}${source}`)))
  return said ? '' : `Set by ${source}.`
}

/** Labels of arguments, which the message is about: the app, a folder, and the words after `--`. */
const ofArguments: ReadonlySet<string> = new Set(['APP', 'DIR', '--'])

/** The launcher, and what it loads apps and configuration files with. */
const notTheirs = [
  dirname(fileURLToPath(import.meta.resolve('@lockstep/core'))),
  fileURLToPath(packageFolder),
  ...['jiti', 'c12', 'confbox'].map((name) => `${sep}node_modules${sep}${name}${sep}`),
].flatMap((path) => [path, pathToFileURL(path).href.slice('file://'.length)])

/** A stack without the frames of Node, of the launcher and of its loaders: the mistake is in none of them. A report of ours needs the whole one. */
function ownStack(cause: unknown, { isWhole }: { isWhole: boolean }): string {
  if (!isErrorLike(cause) || cause.stack === undefined) return ''
  const isFrame = (line: string): boolean => /^\s+at /.test(line)
  const isForeign = (line: string): boolean =>
    isFrame(line) && (/\(?node:|<anonymous>\)?$/.test(line) || notTheirs.some((path) => line.includes(path)))
  const lines = cause.stack.split('\n').filter((line) => isWhole || !isForeign(line))
  // A headline alone is in the message already. A syntax error has its place before it.
  if (!lines.some(isFrame) && lines[0]?.startsWith(cause.name)) return ''
  return lines.map((line) => `    ${visibleText(line)}`).join('\n')
}
