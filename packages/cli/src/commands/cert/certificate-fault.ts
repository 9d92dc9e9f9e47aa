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
    const prefix = code === 'ERR_CERT_UNREACHABLE' ? '' : `${source}: `
    return new LaunchError({ code: codes[code], message: `${prefix}${message}`, hint, source, cause: error })
  }
  return new LaunchError({
    code: 'ERR_TLS_FILE_UNREADABLE',
    message: `${source} can't be read: ${whyFileFails(error)}.`,
    hint: 'Name a file that this user may read.',
    source,
    cause: error,
  })
}

const codes = {
  ERR_CERT_EMPTY: 'ERR_TLS_CERT_INVALID',
  ERR_CERT_ENCODING: 'ERR_TLS_CERT_INVALID',
  ERR_CERT_INVALID: 'ERR_TLS_CERT_INVALID',
  ERR_CERT_PASSPHRASE: 'ERR_TLS_PASSPHRASE_WRONG',
  ERR_CERT_UNREACHABLE: 'ERR_CERT_UNREACHABLE',
} as const satisfies Record<CertificateError['code'], ErrorCode>
