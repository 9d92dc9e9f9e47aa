import type { ResolvedOptions } from '../options/resolve-options.ts'

/** What is allowed and yet unwise. */
export function tlsWarnings({ 'tls.profile': profile }: ResolvedOptions): string[] {
  return profile.value === 'old'
    ? [
        `The TLS profile "old" (${profile.source.label}) offers ciphers without forward secrecy. TLS 1.0 and 1.1 are not spoken all the same (RFC 8996).`,
      ]
    : []
}
