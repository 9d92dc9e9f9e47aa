import type { Fault } from '../../errors/launch-error.ts'
import type { ResolvedOptions } from '../../options/resolve-options.ts'
import type { PlannedChain } from '../planned-tls.ts'
import { isKnownGroup, isKnownSignatureAlgorithm } from './profiles.ts'
import { keyTypeOfAlgorithm } from './signature-algorithms.ts'

/** Each name of a group or a signature algorithm that this OpenSSL does not know, and lists that no chain can serve. */
export function negotiationFaults({
  'tls.groups': groups,
  'tls.sigalgs': sigalgs,
}: ResolvedOptions): Fault[] {
  return [
    ...unknown(groups.value, isKnownGroup).map(
      (name): Fault => ({
        code: 'LOCKSTEP_ERR_TLS_GROUP_UNKNOWN',
        message: `The group "${name}" is not known to this OpenSSL.`,
        hint: 'Use names such as X25519MLKEM768, X25519, P-256, P-384 or P-521, separated by colons.',
        source: groups.source.label,
      }),
    ),
    ...unknown(sigalgs.value, isKnownSignatureAlgorithm).map(
      (name): Fault => ({
        code: 'LOCKSTEP_ERR_TLS_SIGALG_UNKNOWN',
        message: `The signature algorithm "${name}" is not known to this OpenSSL.`,
        hint: 'Use names such as ECDSA+SHA256, RSA-PSS+SHA256 or ed25519, separated by colons.',
        source: sigalgs.source.label,
      }),
    ),
  ]
}

/** OpenSSL takes some characters before a name for commands (`?NOPE` asks it to skip what it does not know). */
function unknown(list: string | null, isKnown: (name: string) => boolean): string[] {
  return (list?.split(':') ?? []).filter((name) => !/^[A-Za-z0-9]/.test(name) || !isKnown(name))
}

/** A chain whose key can sign by none of the algorithms that are allowed would fail in every handshake. */
export function unusableChainFaults(
  { 'tls.sigalgs': sigalgs }: ResolvedOptions,
  chains: readonly PlannedChain[],
): Fault[] {
  const families = sigalgs.value?.split(':').map(keyTypeOfAlgorithm)
  if (!families || families.includes(null)) return []
  return chains
    .filter(({ keyType }) => !families.includes(keyType))
    .map(({ keyType, leaf }) => ({
      code: 'LOCKSTEP_ERR_TLS_SIGALGS_UNUSABLE',
      message: `The key of ${leaf.subject}, ${keyType}, can sign by none of the algorithms ${sigalgs.value}.`,
      hint: 'Add an algorithm for this type of key, or leave tls.sigalgs unset.',
      source: sigalgs.source.label,
    }))
}
