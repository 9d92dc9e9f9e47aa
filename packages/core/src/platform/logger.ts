import type { Logform } from 'winston'
import type { PlannedLog } from '../plan/launch-plan.ts'
import { loadWinston } from './load-winston.ts'

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

/** A log on standard error. */
export function createLogger({ level, format }: PlannedLog, { name, process: role }: LogOrigin): Logger {
  const winston = loadWinston()
  const { combine, timestamp, printf, json } = winston.format
  const logger = winston.createLogger({
    level: level === 'silent' ? 'error' : level,
    silent: level === 'silent',
    defaultMeta: { process: role, pid: process.pid, ...(name !== null && { name }) },
    format: format === 'json' ? combine(timestamp(), json()) : combine(timestamp(), printf(readableLine)),
    transports: [
      new winston.transports.Console({ stderrLevels: ['error', 'warn', 'info', 'debug'], eol: '\n' }),
    ],
  })
  const write =
    (severity: 'error' | 'warn' | 'info' | 'debug') =>
    (message: string, fields: LogFields = {}) =>
      void logger.log({ level: severity, message, ...fields })
  return { error: write('error'), warn: write('warn'), info: write('info'), debug: write('debug') }
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
  return `${clock} ${labels[level] ?? level} [${origin}] ${String(message)}${rest.join('')}${typeof stack === 'string' ? `\n${stack}` : ''}`
}
