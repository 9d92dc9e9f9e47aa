import { dirname, sep } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import {
  type ErrorCode,
  type Fault,
  isCatalogCode,
  isErrorLike,
  visibleLines,
  visibleText,
} from '@lockstep/core/internal'
import { packageFolder } from '../package-folder.ts'
import { styleError } from './style.ts'

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

/** Each fault as one paragraph: what, the code, and the cure. An app's own error is followed by its own stack. */
export function renderFaults(faults: readonly Fault[]): string {
  const paragraphs = faults.map((given) => {
    const fault = shown(given)
    const stack = isOfOthers(fault.code)
      ? ownStack(fault.cause, { isWhole: fault.code === 'LOCKSTEP_ERR_INTERNAL' })
      : ''
    return `${styleError('red', '✗')} ${fault.message}${setBy(fault)} ${fault.hint} [${styleError('bold', fault.code)}]${stack && `\n${stack}`}`
  })
  const count = faults.length > 1 ? `${faults.length} things are wrong:\n` : ''
  return `${count}${paragraphs.join('\n')}\n`
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
  // APP is the argument that the message is about.
  if (source === undefined || source === 'the default' || source === 'APP') return ''
  const texts = [` ${message}`, ` ${message.charAt(0).toLowerCase()}${message.slice(1)}`]
  const said = [' ', '('].some((before) => texts.some((text) => text.includes(`${before}${source}`)))
  return said ? '' : ` Set by ${source}.`
}

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
