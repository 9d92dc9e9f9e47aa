import type { KeyObject, X509Certificate } from 'node:crypto'
import type { Fault } from '../../errors/launch-error.ts'

/** A chain as it was read, leaf first. */
export interface ReadChain {
  readonly certificates: readonly [X509Certificate, ...X509Certificate[]]
  readonly name: string
  readonly source: string
}

export interface OpenedKey {
  readonly key: KeyObject
  /** It was, before it was opened. */
  readonly encrypted: boolean
  readonly name: string
  readonly source: string
}

/** A chain with the key that belongs to it. */
export interface MatchedPair extends ReadChain {
  readonly key: KeyObject
}

/** Finds the key of each chain, in whatever order they were given. What is left over on either side is a fault. */
export function matchPairs(
  chains: readonly ReadChain[],
  keys: readonly OpenedKey[],
): { pairs: readonly MatchedPair[]; lone: readonly ReadChain[]; faults: readonly Fault[] } {
  const keyOf = ({ certificates: [leaf] }: ReadChain): OpenedKey | undefined =>
    keys.find(({ key }) => leaf.checkPrivateKey(key))
  const lone = chains.filter((chain) => !keyOf(chain))
  const unused = keys.filter((key) => !chains.some((chain) => keyOf(chain) === key))
  return {
    pairs: chains.flatMap((chain) => {
      const owned = keyOf(chain)
      return owned ? [{ ...chain, key: owned.key }] : []
    }),
    lone,
    faults: [
      ...lone.map((chain) => mismatch(chain, unused)),
      // A chain without its key has named the keys that are left already.
      ...(lone.length > 0 ? [] : unused.map(keyWithoutChain)),
    ],
  }
}

/** The key may still be that of a later certificate of the file: then the order is wrong, not the key. */
function mismatch({ certificates, name, source }: ReadChain, unused: readonly OpenedKey[]): Fault {
  const owner = certificates.findIndex((certificate) =>
    unused.some(({ key }) => certificate.checkPrivateKey(key)),
  )
  if (owner > 0) {
    return {
      code: 'LOCKSTEP_ERR_TLS_CHAIN_ORDER',
      message: `The certificate of the server (the leaf) is certificate ${owner + 1} of ${name}. It must be the first.`,
      hint: 'Put the leaf first: cat leaf.pem intermediate.pem > chain.pem',
      source,
    }
  }
  const [first, ...others] = unused
  const type = certificates[0].publicKey.asymmetricKeyType
  return {
    code: 'LOCKSTEP_ERR_TLS_KEY_MISMATCH',
    message: !first
      ? `There is no private key for the certificate ${name}.`
      : others.length === 0
        ? `The private key ${first.name} does not belong to the certificate ${name}${difference(first, type)}.`
        : `None of the private keys ${unused.map((key) => key.name).join(' and ')} belongs to the certificate ${name}.`,
    hint: 'Name the key that the certificate was requested with, or have a certificate issued for this key.',
    source: first?.source ?? source,
  }
}

function difference({ key: { asymmetricKeyType: own } }: OpenedKey, type: string | undefined): string {
  return own === type ? '' : `: the key is of type ${own}, and the certificate is for ${type}`
}

function keyWithoutChain({ name, source }: OpenedKey): Fault {
  return {
    code: 'LOCKSTEP_ERR_TLS_KEY_MISMATCH',
    message: `The private key ${name} does not belong to any of the certificates.`,
    hint: 'Name its certificate too, or leave the key out.',
    source,
  }
}
