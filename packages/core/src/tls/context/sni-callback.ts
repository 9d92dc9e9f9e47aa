import type { SecureContext, TLSSocket, TlsOptions } from 'node:tls'
import type { PlannedChain, PlannedTls } from '../planned-tls.ts'
import { offersSuiteFor } from '../policy/offered-suites.ts'
import { keyTypeOfAlgorithm } from '../policy/signature-algorithms.ts'
import { hostSelector } from './select-host.ts'

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
