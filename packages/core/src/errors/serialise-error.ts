import { type Fault, LaunchError } from './launch-error.ts'
import { isErrorLike } from './thrown.ts'

/** A fault that can cross a process border: its cause is reduced to name, message and stack. */
export interface SerialisedFault extends Omit<Fault, 'cause'> {
  readonly cause?: { readonly name: string; readonly message: string; readonly stack?: string | undefined }
}

export function serialiseFaults(error: LaunchError): SerialisedFault[] {
  return error.faults.map(({ cause, ...fault }) =>
    isErrorLike(cause)
      ? { ...fault, cause: { name: cause.name, message: cause.message, stack: cause.stack } }
      : fault,
  )
}

export function deserialiseFaults(faults: readonly SerialisedFault[]): LaunchError {
  const [first, ...others] = faults.map(
    ({ cause, ...fault }): Fault => ({
      ...fault,
      ...(cause && {
        cause: Object.assign(new Error(cause.message), { name: cause.name, stack: cause.stack }),
      }),
    }),
  )
  if (!first) throw new RangeError('an error has at least one fault')
  return new LaunchError([first, ...others])
}
