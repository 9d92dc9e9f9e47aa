import type { KeyObject, X509Certificate } from 'node:crypto'
import type { Fault } from '../errors/launch-error.ts'
import type { Resolved, ResolvedOptions } from '../options/resolve-options.ts'
import type { Finding } from './finding.ts'
import type { PlannedTls } from './planned-tls.ts'
import { chainFaults, leafFacts, parseCertificates } from './read-chain.ts'
import { readKey } from './read-key.ts'
import type { ReadPassphrase } from './read-passphrase.ts'
import { pemName, readPem } from './read-pem.ts'

/** A chain and its key, opened. */
export type TlsPair = Pick<PlannedTls, 'cert' | 'key' | 'leaf'>

/** Reads the certificate and the key that the options name, and checks that they belong together and hold today. */
export function readPair(
  { 'tls.cert': cert, 'tls.key': key }: ResolvedOptions,
  { passphrase, now }: { passphrase: ReadPassphrase; now: Date },
): Finding<TlsPair> {
  const chain = cert.value === null ? nothing : readChain({ ...cert, value: cert.value })
  const opened = key.value === null ? nothing : openKey({ ...key, value: key.value }, passphrase)
  const faults = [...chain.faults, ...opened.faults]
  const leaf = chain.value?.[0]
  if (cert.value === null || key.value === null || !chain.value || !leaf || !opened.value)
    return { value: null, faults }
  const certName = pemName('tls.cert', { ...cert, value: cert.value })
  const keyName = pemName('tls.key', { ...key, value: key.value })
  return {
    value: {
      cert: chain.value.map((certificate) => certificate.toString()).join(''),
      key: opened.value.export({ type: 'pkcs8', format: 'pem' }).toString(),
      leaf: leafFacts(leaf),
    },
    faults: [
      ...faults,
      ...(leaf.checkPrivateKey(opened.value)
        ? chainFaults(chain.value, { what: certName, source: cert.source.label, now })
        : [
            mismatch(chain.value, opened.value, {
              cert: { name: certName, source: cert.source.label },
              key: { name: keyName, source: key.source.label },
            }),
          ]),
    ],
  }
}

const nothing = { value: null, faults: [] } as const

function readChain(cert: Resolved<string | Uint8Array>): Finding<X509Certificate[]> {
  const source = cert.source.label
  const pem = readPem('tls.cert', cert)
  if ('fault' in pem) return { value: null, faults: [pem.fault] }
  const parsed = parseCertificates(pem.text, {
    what: pemName('tls.cert', cert),
    code: 'ERR_TLS_CERT_INVALID',
    source,
  })
  return { value: parsed.certificates, faults: parsed.faults }
}

function openKey(key: Resolved<string | Uint8Array>, passphrase: ReadPassphrase): Finding<KeyObject> {
  const source = key.source.label
  const pem = readPem('tls.key', key)
  if ('fault' in pem) return { value: null, faults: [pem.fault] }
  const opened = readKey(pem.text, { what: pemName('tls.key', key), source, passphrase })
  return { value: opened.key, faults: opened.faults }
}

/** The key may still be that of a later certificate of the file: then the order is wrong, not the key. */
function mismatch(
  chain: readonly X509Certificate[],
  opened: KeyObject,
  { cert, key }: Readonly<Record<'cert' | 'key', { name: string; source: string }>>,
): Fault {
  const owner = chain.findIndex((certificate) => certificate.checkPrivateKey(opened))
  if (owner > 0) {
    return {
      code: 'ERR_TLS_CHAIN_ORDER',
      message: `The leaf is certificate ${owner + 1} of ${cert.name}; it must be the first.`,
      hint: 'Put the leaf first: cat leaf.pem intermediate.pem > chain.pem',
      source: cert.source,
    }
  }
  return {
    code: 'ERR_TLS_KEY_MISMATCH',
    message: `The private key ${key.name}, ${opened.asymmetricKeyType}, does not belong to the certificate ${cert.name}, ${chain[0]?.publicKey.asymmetricKeyType}.`,
    hint: 'Name the key that the certificate was requested with, or have a certificate issued for this key.',
    source: key.source,
  }
}
