import type { CaseContext } from '../../case-context.ts'

/** The usual pair of a server, as options. */
export function serverPair({ certificates }: Pick<CaseContext, 'certificates'>): {
  readonly cert: string
  readonly key: string
} {
  return { cert: certificates.server.certFile, key: certificates.server.keyFile }
}
