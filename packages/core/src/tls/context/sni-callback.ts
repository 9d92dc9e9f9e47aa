import type { SecureContext, TLSSocket, TlsOptions } from 'node:tls'
import { canonicalHost } from '../../options/kinds/tls/canonical-host.ts'
import type { PlannedChain, PlannedHost, PlannedTls } from '../planned-tls.ts'
import { offersSuiteFor } from '../policy/offered-suites.ts'
import { keyTypeOfAlgorithm } from '../policy/signature-algorithms.ts'

interface HostContext {
  readonly keyType: string
  readonly context: SecureContext
}

/**
 * Chooses the certificate by the name that a client asks for; `undefined` when all get the same.
 *
 * Node takes only one chain from the context of a host, the one that was added last, so each chain has a context of its own and
 * the one is taken that this client can verify. On Node 22 what a host lacks is filled up from the default host
 * (nodejs/node#54235): therefore the others are put before it, where later versions forget them again.
 */
export function sniCallback(
  tls: PlannedTls,
  createContext: (chain: PlannedChain) => SecureContext,
): TlsOptions['SNICallback'] {
  if (tls.sni.length === 0 && tls.unknownHost === 'default') return undefined
  const contexts = new Map(
    tls.sni.map(({ host, chains }) => [
      host,
      chains.map((chain) => ({ keyType: chain.keyType, context: createContext(chain) })),
    ]),
  )
  const select = hostSelector(tls)
  // Node calls it as a method of the socket: only the socket knows what the client can verify.
  return function (this: TLSSocket, servername, callback) {
    const choice = select(servername)
    switch (choice.kind) {
      case 'reject':
        callback(new Error(`no certificate for the host ${servername}`))
        return
      case 'default':
        callback(null)
        return
      case 'host': {
        const all = contexts.get(choice.host.host) ?? []
        // Asking what the client can verify costs more than the rest, and there is only one as a rule.
        const chosen = all.length === 1 ? all : inOrder(all, this)
        for (const { context } of chosen) this.setKeyCert(context)
        callback(null, chosen.at(-1)?.context)
      }
    }
  } as TlsOptions['SNICallback']
}

/** What the client can verify comes last; among that an ECDSA key, whose signature costs the server least. */
function inOrder(contexts: readonly HostContext[], socket: TLSSocket): HostContext[] {
  const verifiable = new Set(socket.getSharedSigalgs().map(keyTypeOfAlgorithm))
  const isOld = socket.getProtocol() === 'TLSv1.2'
  // The suites of TLS 1.2 name the type of key too.
  const fits = (keyType: string): boolean => !isOld || offersSuiteFor(keyType, socket) !== false
  const rank = ({ keyType }: HostContext): number =>
    (verifiable.has(keyType) && fits(keyType) ? 2 : 0) + (keyType === 'rsa' ? 0 : 1)
  return [...contexts].sort((one, other) => rank(one) - rank(other))
}

export type HostChoice =
  | { readonly kind: 'host'; readonly host: PlannedHost }
  | { readonly kind: 'default' }
  | { readonly kind: 'reject' }

/**
 * Which certificate a client gets that asks for a name: an exact host before a wildcard, then the default one if it may have it. Looked up
 * for each handshake, so among many hosts it must not be searched for.
 */
export function hostSelector({
  sni,
  unknownHost,
  chains,
}: Pick<PlannedTls, 'sni' | 'unknownHost' | 'chains'>): (servername: string) => HostChoice {
  const hosts = new Map(sni.toReversed().map((host) => [host.host, host]))
  const own = new Set(chains.flatMap(({ leaf }) => leaf.hosts.map((name) => name.toLowerCase())))
  return (servername) => {
    const name = canonicalHost(servername)
    const wildcard = wildcardOf(name)
    const host = hosts.get(name) ?? hosts.get(wildcard)
    if (host) return { kind: 'host', host }
    const isKnown = own.has(name) || own.has(wildcard)
    return { kind: isKnown || unknownHost === 'default' ? 'default' : 'reject' }
  }
}

/** RFC 9525 section 6.3: a wildcard matches exactly one label, the first. */
export function covers(pattern: string, name: string): boolean {
  return pattern.startsWith('*.') && pattern === wildcardOf(name)
}

/** The wildcard that covers a name; empty when none can. */
function wildcardOf(name: string): string {
  const dot = name.indexOf('.')
  return dot > 0 ? `*${name.slice(dot)}` : ''
}
