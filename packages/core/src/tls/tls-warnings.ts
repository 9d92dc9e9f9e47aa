import { isPemPath } from '../options/kinds/tls/pem-path.ts'
import type { ResolvedOptions } from '../options/resolve-options.ts'
import { isPipe } from '../platform/files/read-and-note.ts'

/** What is allowed and yet unwise. */
export function tlsWarnings(options: ResolvedOptions): string[] {
  return [...profileWarnings(options), ...pipeWarnings(options)]
}

/** A renewal can't reach what was read from a pipe. */
function pipeWarnings(options: ResolvedOptions): string[] {
  return (['tls.cert', 'tls.key', 'tls.pfx', 'tls.ca', 'tls.crl'] as const).flatMap((name) =>
    [options[name].value ?? []]
      .flat()
      .filter((path) => typeof path === 'string' && isPemPath(path) && isPipe(path))
      .map(
        (path) =>
          `${name} ${String(path)} (${options[name].source.label}) is a pipe: it is read once, so that a reload keeps what came from it. To renew it, name a file.`,
      ),
  )
}

function profileWarnings({ 'tls.profile': profile }: ResolvedOptions): string[] {
  return profile.value === 'old'
    ? [
        `The TLS profile "old" (${profile.source.label}) offers ciphers without forward secrecy. TLS 1.0 and 1.1 are not spoken all the same (RFC 8996).`,
      ]
    : []
}
