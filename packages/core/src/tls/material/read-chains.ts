import type { X509Certificate } from 'node:crypto'
import { judgeCertificate } from '@lockstep/certs/judge'
import type { Fault } from '../../errors/launch-error.ts'
import type { Finding } from '../finding.ts'
import { type PlannedChain, tlsVersions } from '../planned-tls.ts'
import { asFault, chainVerdict } from './chain-verdict.ts'
import { type MatchedPair, matchPairs, type ReadChain } from './match-pairs.ts'
import { leafFacts, readCertificates } from './read-chain.ts'
import { readKeys } from './read-key.ts'
import type { ReadPassphrase } from './read-passphrase.ts'
import type { PemMaterial } from './read-pem.ts'
import { readPfx } from './read-pfx.ts'

/** Where the chains of one host come from: certificates and keys, or one PKCS#12 file. */
export interface ChainSources {
  readonly certs: readonly PemMaterial[]
  readonly keys: readonly PemMaterial[]
  readonly pfx: readonly PemMaterial[]
}

/** What was read for one host. */
export interface ReadChains extends Finding<readonly PlannedChain[]> {
  /** The keys that were opened and had no need of the passphrase, and whether another one had. */
  readonly openKeys: readonly string[]
  readonly passphraseUsed: boolean
  readonly warnings: readonly string[]
}

/** Reads the certificates and the keys of one host, and checks that they belong together and hold today. */
export async function readChains(
  { certs, keys, pfx }: ChainSources,
  { passphrase, now }: { passphrase: ReadPassphrase; now: Date },
): Promise<ReadChains> {
  const chains = certs.map(readChain)
  const opened = keys.flatMap((material) => readKeys(material, passphrase))
  const packed = await Promise.all(pfx.map((material) => readPfx(material, passphrase)))
  const faults = [...chains, ...opened, ...packed].flatMap(({ faults: own }) => own)
  const openedKeys = opened.flatMap(({ value }) => value ?? [])
  const facts = {
    openKeys: openedKeys.filter(({ encrypted }) => !encrypted).map(({ name }) => name),
    passphraseUsed: openedKeys.some(({ encrypted }) => encrypted) || pfx.length > 0,
  }
  const read = chains.flatMap(({ value }) => value ?? [])
  // A half that is missing, or that could not be read, has been said; nothing is to be matched then.
  const complete = [...chains, ...opened, ...packed].every(({ value }) => value !== null)
  const matched =
    complete && certs.length > 0 && keys.length > 0
      ? matchPairs(read, openedKeys)
      : { pairs: [], lone: read, faults: [] }
  const pairs = [...matched.pairs, ...packed.flatMap(({ value }) => value ?? [])]
  const verdicts = pairs.map(({ certificates, name: what, source }) =>
    chainVerdict(certificates, { what, source, now }),
  )
  const wrong = [
    ...faults,
    ...matched.faults,
    ...verdicts.flatMap((verdict) => verdict.faults),
    // Of a chain whose key is not known it is not known which one is the leaf, nor in what order the others should be.
    ...matched.lone.flatMap(({ certificates, name: what, source }) =>
      certificates.flatMap((certificate) =>
        judgeCertificate(certificate, now).map((finding) =>
          asFault({ ...finding, certificate }, { what, source }),
        ),
      ),
    ),
    ...sameTypeFaults(pairs),
  ]
  const warnings = verdicts.flatMap((verdict) => verdict.warnings)
  return {
    value: complete && wrong.length === 0 ? pairs.map(plannedChain) : null,
    faults: wrong,
    warnings,
    ...facts,
  }
}

function readChain(material: PemMaterial): Finding<ReadChain> {
  const { name, source } = material
  // A bundle may have the key of the leaf in it too, and what belongs to that.
  const { certificates, faults } = readCertificates(material, {
    code: 'LOCKSTEP_ERR_TLS_CERT_INVALID',
    also: /PRIVATE KEY$|PARAMETERS$/,
  })
  const [leaf, ...issuers] = certificates
  return { value: leaf ? { certificates: [leaf, ...issuers], name, source } : null, faults }
}

/** OpenSSL holds one chain for each type of key; a second one would silently replace the first. */
function sameTypeFaults(pairs: readonly MatchedPair[]): Fault[] {
  return pairs.flatMap((pair, index): Fault[] => {
    const earlier = pairs.slice(0, index).find(({ key }) => typeOf(key) === typeOf(pair.key))
    return earlier
      ? [
          {
            code: 'LOCKSTEP_ERR_TLS_CHAIN_DUPLICATE',
            message: `${earlier.name} and ${pair.name} both have a key of the type ${typeOf(pair.key)}, so only one of them could be served.`,
            hint: 'Several chains are for several types of key, such as RSA and ECDSA. Certificates for other hosts belong into tls.sni.',
            source: pair.source,
          },
        ]
      : []
  })
}

function plannedChain({ certificates, key }: MatchedPair): PlannedChain {
  return {
    cert: certificates.map((certificate: X509Certificate) => certificate.toString()).join(''),
    key: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
    keyType: typeOf(key),
    // Which of them it can be used with is found out when all settings are known.
    versions: tlsVersions,
    leaf: leafFacts(certificates[0]),
  }
}

function typeOf({ asymmetricKeyType }: MatchedPair['key']): string {
  return asymmetricKeyType ?? 'unknown'
}
