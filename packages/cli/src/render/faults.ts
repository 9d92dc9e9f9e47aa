import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Fault } from '@lockstep/core'
import { styleError } from './style.ts'

/** Each fault as one paragraph: what, the code, and the cure. An app's own error is followed by its own stack. */
export function renderFaults(faults: readonly Fault[]): string {
  const paragraphs = faults.map((fault) => {
    const stack =
      fault.code === 'ERR_APP_LOAD' || fault.code === 'ERR_INTERNAL' || fault.code === 'ERR_CONFIG_UNREADABLE'
        ? ownStack(fault.cause)
        : ''
    return `${styleError('red', '✗')} ${fault.message} ${fault.hint} [${styleError('bold', fault.code)}]${stack && `\n${stack}`}`
  })
  const count = faults.length > 1 ? `${faults.length} things are wrong:\n` : ''
  return `${count}${paragraphs.join('\n')}\n`
}

const ours = dirname(fileURLToPath(import.meta.resolve('@lockstep/core')))

/** A stack without the frames of Node and of the launcher: the mistake is in neither. */
function ownStack(cause: unknown): string {
  if (!(cause instanceof Error) || cause.stack === undefined) return ''
  const isFrame = (line: string): boolean => /^\s+at /.test(line)
  const isForeign = (line: string): boolean =>
    isFrame(line) && (/\(?node:/.test(line) || line.includes(ours) || line.includes('/jiti/'))
  return cause.stack
    .split('\n')
    .filter((line) => !isForeign(line))
    .map((line) => `    ${line}`)
    .join('\n')
}
