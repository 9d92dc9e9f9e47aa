import type { Writable } from 'node:stream'
import type { Logform } from 'winston'
import type { PlannedLog } from '../plan/launch-plan.ts'
import { createBoundedStream } from '../platform/system/bounded-stream.ts'
import { loadWinston } from './load-winston.ts'
import { visibleJsonText, visibleText } from './visible-text.ts'

export type LogFields = Readonly<Record<string, unknown>>

/** Writes lines for people or for programs, each with the process that wrote it. */
export interface Logger {
  error(message: string, fields?: LogFields): void
  warn(message: string, fields?: LogFields): void
  info(message: string, fields?: LogFields): void
  debug(message: string, fields?: LogFields): void
}

/** Whose lines they are. */
export interface LogOrigin {
  readonly name: string | null
  /** `launcher`, `primary`, `worker 1`, … */
  readonly process: string
}

/** A log on standard error. While its reader does not read, lines are lost, and later it says how many. */
export function createLogger({ level, format }: PlannedLog, { name, process: role }: LogOrigin): Logger {
  const winston = loadWinston()
  const { combine, timestamp, printf, json } = winston.format
  const output = createBoundedStream(process.stderr, {
    onTrouble(trouble) {
      if ('lost' in trouble) write('warn')('lines of the log were lost: standard error was not read', trouble)
    },
  })
  const logger = winston.createLogger({
    level: level === 'silent' ? 'error' : level,
    silent: level === 'silent',
    defaultMeta: { process: role, pid: process.pid, ...(name !== null && { name }) },
    format:
      format === 'json'
        ? combine(timestamp(), json(), printf(safeJson))
        : combine(timestamp(), printf(readableLine)),
    // Not winston's Console, which writes without a bound.
    transports: [new winston.transports.Stream({ stream: linesInto(output.write) })],
  })
  const write =
    (severity: 'error' | 'warn' | 'info' | 'debug') =>
    (message: string, fields: LogFields = {}) =>
      void logger.log({ level: severity, message, ...fields })
  return { error: write('error'), warn: write('warn'), info: write('info'), debug: write('debug') }
}

/** A stream as winston wants one. */
function linesInto(write: (text: string) => void): Writable {
  const { Writable: NodeWritable } = process.getBuiltinModule('node:stream')
  return new NodeWritable({
    decodeStrings: false,
    write(text: string, _, done) {
      write(text)
      done()
    },
  })
}

/** Where winston's formats leave the finished line. */
const finished = Symbol.for('message')

function safeJson(line: Logform.TransformableInfo): string {
  return visibleJsonText(String(line[finished]))
}

const labels: Readonly<Record<string, string>> = {
  error: 'ERROR',
  warn: 'WARN ',
  info: 'INFO ',
  debug: 'DEBUG',
}

function readableLine({
  level,
  message,
  timestamp,
  process: role,
  pid: _,
  name,
  stack,
  ...fields
}: Logform.TransformableInfo): string {
  const clock = String(timestamp).slice(11, 23)
  const origin = typeof name === 'string' ? `${name} ${String(role)}` : String(role)
  const rest = Object.entries(fields).map(
    ([key, value]) => ` ${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  )
  const line = visibleText(`[${origin}] ${String(message)}${rest.join('')}`)
  return `${clock} ${labels[level] ?? level} ${line}${typeof stack === 'string' ? `\n${stackLines(stack)}` : ''}`
}

/** Indented, so that no line of it can pass for one of the log. */
function stackLines(stack: string): string {
  return stack
    .split('\n')
    .map((line) => `    ${visibleText(line.trim())}`)
    .join('\n')
}
