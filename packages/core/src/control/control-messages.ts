import type { ErrorCode } from '../errors/error-catalog.ts'
import type { LaunchStatus } from '../launch-handle.ts'
import type { ReloadResult } from '../reload/reload-result.ts'

/** A value as it comes out of JSON: dates are ISO 8601 text. */
export type Told<Value> = Value extends Date
  ? string
  : Value extends object
    ? { readonly [Name in keyof Value]: Told<Value[Name]> }
    : Value

/** What a running server says of itself. */
export type ToldStatus = Told<LaunchStatus>

/** What came of a reload that a verb asked for. */
export type ToldReload = Told<ReloadResult>

export interface ToldFault {
  readonly code: ErrorCode
  readonly message: string
  readonly hint: string
  readonly source?: string | undefined
}

/** The body of every answer that is no success. */
export interface ToldFaults {
  readonly faults: readonly ToldFault[]
}

/** The paths of the control plane: HTTP/1.1 with JSON over the socket. */
export const controlPaths = {
  /** GET: `ToldStatus`. */
  status: '/status',
  /** POST: `ToldReload` once it is done, or 409 with `ToldFaults`. */
  reload: '/reload',
  /** POST: 202 at once; the answer ends when the server has. With `?force`, at once. */
  stop: '/stop',
} as const
