import { isIP } from 'node:net'
import { isPemPath } from '../options/kinds/tls/pem-path.ts'
import type { ResolvedOptions } from '../options/resolve-options.ts'
import { isPipe } from '../platform/files/read-and-note.ts'
import { covers } from './context/sni-callback.ts'
import type { PlannedChain } from './planned-tls.ts'

/** What is allowed and yet unwise, about the settings and the certificates of all hosts. */
export function tlsWarnings(options: ResolvedOptions, chains: readonly PlannedChain[]): string[] {
  return [...profileWarnings(options), ...pipeWarnings(options), ...hostWarnings(options, chains)]
}

/**
 * Names that are bound and that no certificate covers. An IP address says nothing, and neither does localhost: a server behind a proxy or a
 * balancer is bound to one, and its clients name another host.
 */
function hostWarnings({ bind, host }: ResolvedOptions, chains: readonly PlannedChain[]): string[] {
  const [option, names] =
    bind.value === null
      ? ([host, [host.value]] as const)
      : ([bind, bind.value.flatMap((address) => (address.kind === 'tcp' ? [address.host] : []))] as const)
  const covered = chains.flatMap(({ leaf }) => leaf.hosts).map((name) => name.toLowerCase())
  if (chains.length === 0) return []
  return names
    .filter((name) => {
      const asked = name.toLowerCase()
      const isPublic = isIP(asked) === 0 && !/(?:^|\.)localhost$/.test(asked)
      return isPublic && !covered.some((known) => known === asked || covers(known, asked))
    })
    .map(
      (name) =>
        `No certificate is for ${name}, where the server is bound (${option.source.label}). The certificates name ${covered.join(', ') || 'no host at all'}, and clients that connect to ${name} refuse them.`,
    )
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
