import type { X509Certificate } from 'node:crypto'
import { type Der, derChildren, derTags, objectIdentifier, readDer } from '../material/der.ts'
import { type NameConstraints, readNameConstraints } from './name-subtrees.ts'

/** The fields of a certificate that Node's `X509Certificate` does not show (RFC 5280 section 4). */
export interface CertificateFields {
  readonly signature: SignatureFields
  /** RFC 5480 section 2.1.1: a curve that is written out is not to be used. */
  readonly hasExplicitCurve: boolean
  /** It states that it is a CA (`X509Certificate.ca` also requires the key usage). */
  readonly isAuthority: boolean
  readonly pathLength: number | null
  /** Names of the bits that are set; `null` without the extension. */
  readonly keyUsage: ReadonlySet<KeyUsage> | null
  /** Object identifiers; `null` without the extension. */
  readonly extendedKeyUsage: readonly string[] | null
  readonly asksForStapling: boolean
  /** Object identifiers of the extensions that are critical. */
  readonly critical: readonly string[]
  readonly nameConstraints: NameConstraints | null
  /** Its subject is its issuer. Its signature is not checked. */
  readonly isSelfIssued: boolean
}

export interface SignatureFields {
  readonly algorithm: string
  /** For example `SHA-256`; `null` where the algorithm has its own, or it is not known here. */
  readonly hash: string | null
}

export const keyUsages = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
] as const

export type KeyUsage = (typeof keyUsages)[number]

const known = new WeakMap<X509Certificate, CertificateFields>()

/** Reads them once for each certificate. */
export function certificateFields(certificate: X509Certificate): CertificateFields {
  const before = known.get(certificate)
  if (before) return before
  const fields = readFields(certificate)
  known.set(certificate, fields)
  return fields
}

function readFields(certificate: X509Certificate): CertificateFields {
  const [signed, algorithm] = derChildren(readDer(certificate.raw))
  const all = signed ? derChildren(signed) : []
  // The version is explicit, and left out in version 1.
  const [, , , , , publicKey] = all[0]?.tag === derTags.context0 ? all.slice(1) : all
  const extensions = new Map(extensionsOf(all.find(({ tag }) => tag === derTags.context3)))
  const value = (id: string): Der | null => {
    const bytes = extensions.get(id)?.value
    return bytes ? readDer(bytes) : null
  }
  const usage = value('2.5.29.15')
  const extended = value('2.5.29.37')
  const constraints = value('2.5.29.30')
  return {
    signature: algorithm ? signatureFields(algorithm) : { algorithm: 'unknown', hash: null },
    hasExplicitCurve: publicKey ? hasExplicitCurve(publicKey) : false,
    isAuthority: isAuthority(value('2.5.29.19')),
    pathLength: pathLengthOf(value('2.5.29.19')),
    keyUsage: usage && new Set(keyUsages.filter((_, bit) => isBitSet(usage.content, bit))),
    extendedKeyUsage: extended && derChildren(extended).map(objectIdentifier),
    asksForStapling: extensions.has('1.3.6.1.5.5.7.1.24'),
    critical: [...extensions].flatMap(([id, { critical }]) => (critical ? [id] : [])),
    nameConstraints: constraints && readNameConstraints(constraints),
    isSelfIssued: certificate.subject === certificate.issuer,
  }
}

function extensionsOf(explicit: Der | undefined): [string, { critical: boolean; value: Uint8Array }][] {
  const [list] = explicit ? derChildren(explicit) : []
  return (list ? derChildren(list) : []).flatMap((extension) => {
    const parts = derChildren(extension)
    const [id] = parts
    const critical = parts.some(({ tag, content }) => tag === derTags.boolean && content[0] !== 0)
    const value = parts.at(-1)?.content
    return id && value ? [[objectIdentifier(id), { critical, value }]] : []
  })
}

function isAuthority(constraints: Der | null): boolean {
  return (
    constraints !== null &&
    derChildren(constraints).some(({ tag, content }) => tag === derTags.boolean && content[0] !== 0)
  )
}

function pathLengthOf(constraints: Der | null): number | null {
  const length = constraints && derChildren(constraints).find(({ tag }) => tag === derTags.integer)
  return length ? length.content.reduce((sum, byte) => sum * 256 + byte, 0) : null
}

/** The first byte of a BIT STRING says how many bits of the last one are not used. */
function isBitSet(content: Uint8Array, bit: number): boolean {
  return ((content[1 + (bit >> 3)] ?? 0) & (0x80 >> (bit & 7))) !== 0
}

function hasExplicitCurve(publicKey: Der): boolean {
  const [algorithm] = derChildren(publicKey)
  const [id, parameters] = algorithm ? derChildren(algorithm) : []
  return (
    id !== undefined && objectIdentifier(id) === '1.2.840.10045.2.1' && parameters?.tag === derTags.sequence
  )
}

function signatureFields(algorithm: Der): SignatureFields {
  const [id, parameters] = derChildren(algorithm)
  const oid = id ? objectIdentifier(id) : ''
  if (oid === rsaPss) return { algorithm: 'RSA-PSS', hash: parameters ? hashOfPss(parameters) : 'SHA-1' }
  const [name = oid, hash = null] = signatures[oid] ?? []
  return { algorithm: name, hash }
}

const rsaPss = '1.2.840.113549.1.1.10'

/** RFC 4055 section 3.1: without a field it is SHA-1. */
function hashOfPss(parameters: Der): string {
  const field = derChildren(parameters).find(({ tag }) => tag === derTags.context0)
  const [algorithm] = field ? derChildren(field) : []
  const [id] = algorithm ? derChildren(algorithm) : []
  return id ? (hashes[objectIdentifier(id)] ?? objectIdentifier(id)) : 'SHA-1'
}

const hashes: Readonly<Record<string, string>> = {
  '1.3.14.3.2.26': 'SHA-1',
  '2.16.840.1.101.3.4.2.1': 'SHA-256',
  '2.16.840.1.101.3.4.2.2': 'SHA-384',
  '2.16.840.1.101.3.4.2.3': 'SHA-512',
}

/** RFC 3279, 4055, 5758, 8410 and 9881. */
const signatures: Readonly<Record<string, readonly [string, string?]>> = {
  '1.2.840.113549.1.1.2': ['RSA', 'MD2'],
  '1.2.840.113549.1.1.4': ['RSA', 'MD5'],
  '1.2.840.113549.1.1.5': ['RSA', 'SHA-1'],
  '1.3.14.3.2.29': ['RSA', 'SHA-1'],
  '1.2.840.113549.1.1.11': ['RSA', 'SHA-256'],
  '1.2.840.113549.1.1.12': ['RSA', 'SHA-384'],
  '1.2.840.113549.1.1.13': ['RSA', 'SHA-512'],
  '1.2.840.113549.1.1.14': ['RSA', 'SHA-224'],
  '1.2.840.10040.4.3': ['DSA', 'SHA-1'],
  '2.16.840.1.101.3.4.3.2': ['DSA', 'SHA-256'],
  '1.2.840.10045.4.1': ['ECDSA', 'SHA-1'],
  '1.2.840.10045.4.3.1': ['ECDSA', 'SHA-224'],
  '1.2.840.10045.4.3.2': ['ECDSA', 'SHA-256'],
  '1.2.840.10045.4.3.3': ['ECDSA', 'SHA-384'],
  '1.2.840.10045.4.3.4': ['ECDSA', 'SHA-512'],
  '1.3.101.112': ['Ed25519'],
  '1.3.101.113': ['Ed448'],
  '2.16.840.1.101.3.4.3.17': ['ML-DSA-44'],
  '2.16.840.1.101.3.4.3.18': ['ML-DSA-65'],
  '2.16.840.1.101.3.4.3.19': ['ML-DSA-87'],
}
