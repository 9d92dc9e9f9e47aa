import type { Writable } from 'node:stream'
import type { Logform, Logger as WinstonLogger } from 'winston'
import type { PlannedLog } from '../plan/launch-plan.ts'
import { createBoundedStream } from '../platform/system/bounded-stream.ts'
import { loadWinston } from './load-winston.ts'
import { visibleJson, visibleJsonText, visibleText } from './visible-text.ts'

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

/** From the most to the least urgent: a log shows its own level and what is above it. */
const levels = ['error', 'warn', 'info', 'debug'] as const

/**
 * A log on standard error. While its reader does not read, lines are lost, and later it says how many.
 *
 * winston is loaded with the first line that is shown, since most processes write none before they stop: it takes 20 ms of processor
 * time. It may be out of reach by then, because the installation was replaced, the process has left root or has no
 * descriptor left. Then the line is written without it, in the same form, and the next line tries again.
 */
export function createLogger(planned: PlannedLog, { name, process: role }: LogOrigin): Logger {
  const output = createBoundedStream(process.stderr, {
    onTrouble(trouble) {
      if ('lost' in trouble) log.warn('lines of the log were lost: standard error was not read', trouble)
    },
  })
  const origin: LogFields = { process: role, pid: process.pid, ...(name !== null && { name }) }
  let logger: WinstonLogger | undefined
  const write = (level: Level, message: string, fields: LogFields): void => {
    try {
      logger ??= createWinstonLogger(planned, { origin, write: output.write })
    } catch {
      output.write(`${plainLine(planned.format, { ...origin, ...fields, level, message })}\n`)
      return
    }
    logger.log({ level, message, ...fields })
  }
  const writer = (level: Level): Logger[Level] =>
    planned.level !== 'silent' && levels.indexOf(level) <= levels.indexOf(planned.level)
      ? (message, fields = {}) => write(level, message, fields)
      : () => undefined
  const log: Logger = {
    error: writer('error'),
    warn: writer('warn'),
    info: writer('info'),
    debug: writer('debug'),
  }
  return log
}

type Level = (typeof levels)[number]

function createWinstonLogger(
  { level, format }: PlannedLog,
  { origin, write }: { origin: LogFields; write: (text: string) => void },
): WinstonLogger {
  const winston = loadWinston()
  const { combine, timestamp, printf, json } = winston.format
  return winston.createLogger({
    level,
    defaultMeta: origin,
    format:
      format === 'json'
        ? combine(timestamp(), json(), printf(safeJson))
        : combine(timestamp(), printf(readableLine)),
    // Not winston's Console, which writes without a bound.
    transports: [new winston.transports.Stream({ stream: linesInto(write) })],
  })
}

/** A line as winston writes it, with its keys in the same order. */
function plainLine(
  format: PlannedLog['format'],
  line: LogFields & { readonly level: string; readonly message: string },
): string {
  const stamped = { ...line, timestamp: new Date().toISOString() }
  return format === 'json'
    ? visibleJson(Object.fromEntries(Object.entries(stamped).sort()))
    : readableLine(stamped)
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
}: Readonly<Record<string, unknown>>): string {
  const clock = String(timestamp).slice(11, 23)
  const origin = typeof name === 'string' ? `${name} ${String(role)}` : String(role)
  const rest = Object.entries(fields).map(
    ([key, value]) => ` ${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  )
  const line = visibleText(`[${origin}] ${String(message)}${rest.join('')}`)
  return `${clock} ${labels[String(level)] ?? String(level)} ${line}${typeof stack === 'string' ? `\n${stackLines(stack)}` : ''}`
}

/** Indented, so that no line of it can pass for one of the log. */
function stackLines(stack: string): string {
  return stack
    .split('\n')
    .map((line) => `    ${visibleText(line.trim())}`)
    .join('\n')
}
