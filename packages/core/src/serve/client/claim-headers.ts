import type { IncomingMessage } from 'node:http'
import { distinctFields } from '../http2/distinct-fields.ts'

/** Header fields that say who the client is, under the names that they have for programs which take `_` for `-`, as WSGI does. */
const exact: ReadonlySet<string> = new Set(['forwarded', 'x-forwarded', 'x-real-ip'])
const prefixes = ['x-forwarded-', 'client-cert'] as const

/**
 * The usual name of a field that says who the client is, such as `x-forwarded-for` for `X_Forwarded_For`, or `null` for any other field.
 * A front removes these from what any client sends, before it adds its own.
 */
export function claimOf(name: string): string | null {
  // Hardly a field begins with one of these, and to look for it costs less than to change the case.
  const first = name.charCodeAt(0) | 0x20
  if (first !== x && first !== f && first !== c) return null
  const usual = name.toLowerCase().replaceAll('_', '-')
  return exact.has(usual) || prefixes.some((prefix) => usual.startsWith(prefix)) ? usual : null
}

const [x, f, c] = [120, 102, 99] as const

/**
 * Replaces the fields that say who the client is, in all forms in which Node shows them: each of `values` is there once afterwards, and of the
 * others those that `keeps` wants. A field whose name is not spelt in the usual way is removed.
 */
export function replaceClaims(
  request: IncomingMessage,
  {
    values,
    keeps,
  }: {
    /** By their usual names. */
    values: ReadonlyMap<string, string>
    keeps: (name: string) => boolean
  },
): void {
  const { rawHeaders } = request
  const fields: string[] = []
  const dropped = new Set<string>()
  const placed = new Set<string>()
  let isSame = true
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] as string
    const value = rawHeaders[index + 1] as string
    const claim = claimOf(name)
    const given = claim === null ? undefined : values.get(claim)
    if (claim === null || (given === undefined && keeps(claim) && !name.includes('_')))
      fields.push(name, value)
    else if (given !== undefined && !placed.has(claim) && !name.includes('_')) {
      placed.add(claim)
      fields.push(name, given)
    } else {
      isSame = false
      dropped.add(name.toLowerCase())
    }
  }
  const headers = without(request.headers, dropped)
  for (const [name, value] of values) {
    headers[name] = value
    if (placed.has(name)) continue
    isSame = false
    fields.push(name, value)
  }
  request.headers = headers
  request.rawHeaders = fields
  // Node would make them of as many fields as there were.
  if (!isSame)
    Object.defineProperty(request, 'headersDistinct', {
      value: distinctFields(fields),
      configurable: true,
      writable: true,
    })
}

/** To leave fields out of a copy costs a third of what it costs to delete them. */
function without(
  headers: IncomingMessage['headers'],
  dropped: ReadonlySet<string>,
): IncomingMessage['headers'] {
  if (dropped.size === 0) return headers
  const kept: IncomingMessage['headers'] = {}
  for (const [name, value] of Object.entries(headers)) if (!dropped.has(name)) kept[name] = value
  return kept
}

/** Whether a request has any of these fields. */
export function hasClaims({ rawHeaders }: IncomingMessage): boolean {
  for (let index = 0; index < rawHeaders.length; index += 2)
    if (claimOf(rawHeaders[index] as string) !== null) return true
  return false
}
