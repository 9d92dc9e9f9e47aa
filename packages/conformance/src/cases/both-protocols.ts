import type { CaseContext } from '../case-context.ts'

/** TLS options with which a subject speaks HTTP/2 and HTTP/1.1. */
export function bothProtocols({ certificates }: CaseContext): {
  cert: string
  key: string
  protocols: string[]
} {
  return {
    cert: certificates.server.certFile,
    key: certificates.server.keyFile,
    protocols: ['h2', 'http/1.1'],
  }
}
