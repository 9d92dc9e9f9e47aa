import { CertificateError } from '@lockstep/certs'
import { type ErrorCode, LaunchError, whyFileFails } from '@lockstep/core/internal'

/** Runs an action on a file of certificates, and reports a problem of the file as a fault that names it. */
export function asCertificateFault<Result>(file: string, act: () => Result): Result {
  try {
    return act()
  } catch (error) {
    throw certificateFault(file, error)
  }
}

/** What is wrong with a file of certificates, or with the server that should show some. */
export function certificateFault(source: string, error: unknown): LaunchError {
  if (error instanceof LaunchError) return error
  if (error instanceof CertificateError) {
    const { code, message, hint } = error
    const prefix = code === 'LOCKSTEP_ERR_CERT_UNREACHABLE' ? '' : `${source}: `
    return new LaunchError({ code: codes[code], message: `${prefix}${message}`, hint, source, cause: error })
  }
  return new LaunchError({
    code: 'LOCKSTEP_ERR_TLS_FILE_UNREADABLE',
    message: `${source} can't be read: ${whyFileFails(error)}.`,
    hint: 'Name a file that this user may read.',
    source,
    cause: error,
  })
}

const codes = {
  LOCKSTEP_ERR_CERT_EMPTY: 'LOCKSTEP_ERR_TLS_CERT_INVALID',
  LOCKSTEP_ERR_CERT_ENCODING: 'LOCKSTEP_ERR_TLS_CERT_INVALID',
  LOCKSTEP_ERR_CERT_INVALID: 'LOCKSTEP_ERR_TLS_CERT_INVALID',
  LOCKSTEP_ERR_CERT_PASSPHRASE: 'LOCKSTEP_ERR_TLS_PASSPHRASE_WRONG',
  LOCKSTEP_ERR_CERT_UNREACHABLE: 'LOCKSTEP_ERR_CERT_UNREACHABLE',
} as const satisfies Record<CertificateError['code'], ErrorCode>
