import { visibleJson } from '../../log/visible-text.ts'
import type { PlannedAccessLog } from '../../plan/launch-plan.ts'

/** What is known of a request when its response has ended. */
export interface AccessRecord {
  readonly at: Date
  readonly remoteAddress: string
  /** `null`: it could not be read. */
  readonly method: string | null
  /** As the client sent it; `null`: it could not be read. */
  readonly target: string | null
  /** `null`: it could not be read. */
  readonly httpVersion: string | null
  /** 0 when the client went away before there was a response. */
  readonly status: number
  /** Of the body, without headers and framing. */
  readonly bytes: number
  readonly durationMs: number
  readonly referer: string | undefined
  readonly userAgent: string | undefined
  /** `TLSv1.3`, or `null` for plain HTTP. */
  readonly tlsVersion: string | null
  /** From 1; `null` when there is one process only. */
  readonly worker: number | null
  readonly pid: number
  /** False when the connection was gone before the response was complete. */
  readonly complete: boolean
}

/** One line of an access log. */
export function accessLogLine(record: AccessRecord, format: PlannedAccessLog['format']): string {
  switch (format) {
    case 'combined':
      return combined(record)
    case 'json':
      return visibleJson({ type: 'access', ...record, at: record.at.toISOString() })
  }
}

/** Apache's combined format: https://httpd.apache.org/docs/2.4/logs.html#combined */
function combined({
  at,
  remoteAddress,
  method,
  target,
  httpVersion,
  status,
  bytes,
  referer,
  userAgent,
}: AccessRecord): string {
  const quoted = (text: string | undefined): string => `"${text === undefined ? '-' : escapeText(text)}"`
  return `${remoteAddress} - - [${clfDate(at)}] ${quoted(requestLine({ method, target, httpVersion }))} ${status || '-'} ${bytes || '-'} ${quoted(referer)} ${quoted(userAgent)}`
}

/** As much of it as could be read. */
function requestLine({
  method,
  target,
  httpVersion,
}: Pick<AccessRecord, 'method' | 'target' | 'httpVersion'>): string | undefined {
  if (method === null) return undefined
  return `${method} ${target}${httpVersion === null ? '' : ` HTTP/${httpVersion}`}`
}

const unsafe = /[^ !#-[\]-~]/

/** What a client sends must not end the line or the quotes: as nginx does, `\xHH`. */
function escapeText(text: string): string {
  // Looking alone is faster, and hardly anything has to be replaced.
  if (!unsafe.test(text)) return text
  return text.replaceAll(/[^ !#-[\]-~]/gu, (character) =>
    [...Buffer.from(character)]
      .map((byte) => `\\x${byte.toString(16).toUpperCase().padStart(2, '0')}`)
      .join(''),
  )
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const

let lastSecond = { since: -1, text: '' }

/** Made once a second: all that end within it share the text. */
function clfDate(date: Date): string {
  const since = Math.floor(date.getTime() / 1_000)
  if (since !== lastSecond.since) lastSecond = { since, text: clfText(date) }
  return lastSecond.text
}

function clfText(date: Date): string {
  const two = (number: number): string => String(number).padStart(2, '0')
  return `${two(date.getUTCDate())}/${months[date.getUTCMonth()]}/${date.getUTCFullYear()}:${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())} +0000`
}
