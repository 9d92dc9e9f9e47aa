// What Node checks of a response over HTTP/1.1, with the errors that it has for it.
import { isBytes } from '../../platform/node/is-bytes.ts'
import { http } from '../../platform/node/node-http.ts'
import type { FieldValue } from './sent-fields.ts'

const invalidInReason = /[^\t\x20-\x7e\x80-\xff]/

export function validateValue(name: string, value: unknown): asserts value is FieldValue {
  http.validateHeaderValue(name, value as string)
}

export function refuseChunk(chunk: unknown): void {
  if (chunk === null)
    throw failure(TypeError, 'ERR_STREAM_NULL_VALUES', 'May not write null values to stream')
  if (typeof chunk !== 'string' && !isBytes(chunk))
    throw failure(
      TypeError,
      'ERR_INVALID_ARG_TYPE',
      'The "chunk" argument must be of type string or an instance of Buffer or Uint8Array.',
    )
}

export function invalidStatus(status: unknown): Error {
  return failure(RangeError, 'ERR_HTTP_INVALID_STATUS_CODE', `Invalid status code: ${String(status)}`)
}

export function validateReason(reason: string): void {
  if (invalidInReason.test(reason))
    throw failure(TypeError, 'ERR_INVALID_CHAR', 'Invalid character in statusMessage')
}

/** An error with the code that Node's HTTP/1.1 has for it. */
export function failure(Kind: ErrorConstructor, code: string, message: string): Error {
  return Object.assign(new Kind(message), { code })
}
