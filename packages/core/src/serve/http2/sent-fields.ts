import type { OutgoingHttpHeaders } from 'node:http'

export type FieldValue = number | string | readonly string[]

/** RFC 9113 section 8.2.2. Over HTTP/1.1 they speak of the connection, which over HTTP/2 is not the app's business. */
const connectionSpecific: ReadonlySet<string> = new Set([
  'connection',
  'http2-settings',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
])

/** Answers that have no content: RFC 9110 sections 15.3.5, 15.3.6 and 15.4.5. */
export const isWithoutContent = (status: number): boolean =>
  status === 204 || status === 205 || status === 304

/** What of the fields that an app has set is sent over HTTP/2. Names are in lower case. */
export function sentFields(
  fields: Iterable<readonly [name: string, value: FieldValue]>,
  { status, named }: { status: number | null; named: readonly string[] },
): OutgoingHttpHeaders {
  const sent = Object.create(null) as OutgoingHttpHeaders
  for (const [name, value] of fields) {
    if (connectionSpecific.has(name) || named.includes(name)) continue
    if (name === 'te' && String(value).trim().toLowerCase() !== 'trailers') continue
    // A client rejects an answer without content that has the length of one (RFC 9110 section 8.6).
    if (name === 'content-length' && (status === 204 || status === 205)) continue
    sent[name] = Array.isArray(value) ? value.map(trimmed) : trimmed(value as number | string)
  }
  return sent
}

/** Fields that the value of `Connection` names belong to the connection too: RFC 9110 section 7.6.1. */
export function namedByConnection(value: FieldValue | undefined): readonly string[] {
  if (value === undefined) return []
  return String(value)
    .toLowerCase()
    .split(',')
    .map((option) => option.trim())
}

/** Spaces around a value don't belong to it over HTTP/1.1, and are malformed over HTTP/2 (RFC 9113 section 8.2.1). */
function trimmed(value: number | string): string {
  const text = String(value)
  return /^[\t ]|[\t ]$/.test(text) ? text.replace(/^[\t ]+|[\t ]+$/g, '') : text
}
