import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A line of what the recording app has seen; see `apps/recording-app.ts`. */
export interface RecordedRequest {
  readonly event: 'begun' | 'complete'
  readonly method: string
  readonly target: string
  readonly version: string
  readonly host: string
  /** Names and values in turn. */
  readonly fields: readonly string[]
  readonly trailers?: readonly string[]
  /** One character a byte; absent before the request is complete. */
  readonly body?: string
}

/** Returns a function that returns the lines which have been added since its last call. */
export function recordsIn(folder: string): () => RecordedRequest[] {
  const file = join(folder, 'requests.jsonl')
  let read = 0
  return () => {
    const text = existsSync(file) ? readFileSync(file, 'utf8') : ''
    const lines = text.slice(read).split('\n').slice(0, -1)
    read = text.length
    return lines.map((line) => JSON.parse(line) as RecordedRequest)
  }
}

/** What every request must fulfil that an app sees, whatever the client sent. */
export function mustBeUnambiguous({ method, target, fields, trailers = [] }: RecordedRequest): void {
  assert.match(method, /^[!#$%&'*+.^_`|~\dA-Z-]+$/, 'the method')
  assert.ok(target !== '' && !/[\s#]/.test(target) && !hasControls(target), 'the target is odd')
  const names = namesOf(fields)
  namesOf(trailers)
  for (const name of ['host', 'content-length', 'transfer-encoding'])
    assert.ok(names.filter((one) => one === name).length <= 1, `${name} is there more than once`)
  assert.ok(
    !(names.includes('content-length') && names.includes('transfer-encoding')),
    'the body has two ends',
  )
}

/** In lower case. */
function namesOf(fields: readonly string[]): string[] {
  const names: string[] = []
  for (let index = 0; index < fields.length; index += 2) {
    const name = fields[index] ?? ''
    assert.match(name, /^[!#$%&'*+.^_`|~\w-]+$/, 'the name of a field')
    assert.ok(!hasControls(fields[index + 1] ?? ''), `the value of ${name} has a control character`)
    names.push(name.toLowerCase())
  }
  return names
}

/** Tab is allowed in a value (RFC 9110 section 5.5); what is above ASCII is not looked at. */
function hasControls(text: string): boolean {
  return Buffer.from(text, 'latin1').some((byte) => (byte < 0x20 && byte !== 0x09) || byte === 0x7f)
}
