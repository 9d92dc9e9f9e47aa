import { type ErrorCode, errorCatalog, isCatalogCode, isErrorCode } from './error-catalog.ts'
import { type ExitCodeName, exitCodes, type FaultKind, faultKinds } from './exit-codes.ts'
import { hideKeyText } from './hide-key-text.ts'

/** One thing that is wrong: what was found, where it was set, and the cure. */
export interface Fault {
  /** Stable; listed with its meaning in `docs/errors.md`. A code of your own begins with `X_`, such as `X_MYBACKEND_NO_LICENCE`. */
  readonly code: ErrorCode
  /** Decides the exit code of a fault with a code of your own; unset, it is 1. A code of Lockstep has its own exit code. */
  readonly kind?: FaultKind | undefined
  /** What happened, with the value in it. One sentence or two, without a final hint. */
  readonly message: string
  /** What to do about it. */
  readonly hint: string
  /** Where the value was set, for example `--port` or `PORT in .env`. */
  readonly source?: string | undefined
  /** What lies behind it, for example the app's own error. */
  readonly cause?: unknown
  /** The time when the fault ends by itself, if it does, such as that of a certificate that is not valid yet. */
  readonly until?: Date
}

/** Marks the errors of every copy of this package that a program may hold, such as one in a bundle or in another realm. */
const brand = Symbol.for('lockstep.launch-error')

/**
 * The one error that Lockstep throws. Discriminate by `code`; the text may change between versions.
 *
 * When several things are wrong at once, `code` is `LOCKSTEP_ERR_LAUNCH_FAULTS` and `faults` has each of them;
 * otherwise `faults` holds this one fault. `errors` has the same faults as errors, for programs that handle any `AggregateError`.
 *
 * @example
 * ```ts
 * import { LaunchError, launch } from 'lockstep'
 *
 * try {
 *   await launch({ app: './app.js', port: 443 })
 * } catch (error) {
 *   if (!(error instanceof LaunchError)) throw error
 *   for (const { code, message, hint, source } of error.faults) console.error(code, source, message, hint)
 *   process.exitCode = error.exitCode
 * }
 * ```
 */
export class LaunchError extends AggregateError {
  override readonly name = 'LaunchError'
  declare readonly errors: FaultError[]
  readonly [brand] = true
  readonly code: ErrorCode
  readonly hint: string
  readonly source: string | undefined
  readonly faults: readonly Fault[]
  /** What a command that ends with this error exits with. */
  readonly exitCode: number

  /** True for the errors of other copies of this package too: a backend or a configuration file may have its own. */
  static override [Symbol.hasInstance](value: unknown): value is LaunchError {
    // biome-ignore lint/complexity/noThisInStatic: the class on the right of instanceof, which may extend this one
    return isInstanceOf(this, value)
  }

  constructor(faults: Fault | readonly [Fault, ...Fault[]]) {
    const [first, ...others] = 'code' in faults ? ([faults] as const) : faults
    for (const fault of [first, ...others]) checkCode(fault)
    const all = [withoutKeyText(first), ...others.map(withoutKeyText)] as const
    super(
      all.map(faultError),
      all.length === 1
        ? all[0].message
        : `${all.length} faults: ${all.map((fault) => fault.message).join(' ')}`,
      first.cause === undefined ? undefined : { cause: first.cause },
    )
    this.code = all.length === 1 ? first.code : 'LOCKSTEP_ERR_LAUNCH_FAULTS'
    this.hint = all[0].hint
    this.source = first.source
    this.faults = all
    this.exitCode = exitCodes[exitOf(first)].number
  }
}

/** Which exit code a fault belongs to. */
export function exitOf({ code, kind }: Pick<Fault, 'code' | 'kind'>): ExitCodeName {
  if (isCatalogCode(code)) return errorCatalog[code].exit
  return faultKinds.find((one) => one === kind) ?? 'internal'
}

/** The compiler checks the code of a fault; one that was written in JavaScript is checked here. */
function checkCode({ code, message, cause }: Fault): void {
  if (isErrorCode(code)) return
  throw new TypeError(
    `${String(code)} is not an error code of Lockstep (docs/errors.md), and a code of your own begins with X_. The error with it says: ${message}`,
    { cause },
  )
}

/** A fault as an error. It has no stack of its own: that of the `LaunchError` counts. */
export interface FaultError extends Error, Fault {
  readonly message: string
  readonly cause?: unknown
}

function faultError({ message, cause, ...others }: Fault): FaultError {
  const error = new Error(message, cause === undefined ? undefined : { cause })
  const properties = { name: 'FaultError', stack: `FaultError: ${message}`, ...others }
  // Not enumerable: Node prints all that is, and `faults` beside it has the same.
  for (const [name, value] of Object.entries(properties))
    Object.defineProperty(error, name, { value, configurable: true, writable: true })
  return error as FaultError
}

/** A message may quote what a user wrote, and that may contain a key in the wrong place. */
export function withoutKeyText(fault: Fault): Fault {
  return { ...fault, message: hideKeyText(fault.message), hint: hideKeyText(fault.hint) }
}

/** Throws one `LaunchError` with all the faults, if there are any. */
export function throwFaults(faults: readonly Fault[]): void {
  const [first, ...others] = faults
  if (first) throw new LaunchError([first, ...others])
}

function isInstanceOf(type: typeof LaunchError, value: unknown): boolean {
  if (type !== LaunchError) return Function.prototype[Symbol.hasInstance].call(type, value)
  return typeof value === 'object' && value !== null && brand in value
}
