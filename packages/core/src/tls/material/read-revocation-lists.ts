import type { X509Certificate } from 'node:crypto'
import type { inspectRevocationList, RevocationListFacts } from '@lockstep/certs'
import { unappliedList } from '@lockstep/certs/judge'
import type { Fault } from '../../errors/launch-error.ts'
import type { ResolvedOptions } from '../../options/resolve-options.ts'
import type { Finding } from '../finding.ts'
import type { PlannedTls } from '../planned-tls.ts'
import { oneLine } from './read-chain.ts'
import type { ClientAuthority } from './read-client-authority.ts'
import { type PemMaterial, pemMaterial, readBlocks, readBytes } from './read-pem.ts'

interface ReadList extends RevocationListFacts {
  readonly material: PemMaterial
}

/** What was read of revocation lists. */
export interface RevocationLists extends Finding<readonly string[]> {
  readonly lists: readonly RevocationListFacts[]
  readonly warnings: readonly string[]
}

/**
 * Reads the revocation lists for client certificates. With one list OpenSSL demands one of every CA, and refuses every client
 * whose CA has none or an old one; Node says nothing of that at the start. A list that is out of date refuses the clients of its CA,
 * as it must; the launch is refused only where no client would be left.
 */
export async function readRevocationLists(
  { 'tls.crl': crl, 'tls.clientAuth': clientAuth }: ResolvedOptions,
  { authority, served, now }: { authority: ClientAuthority; served: PlannedTls | null; now: Date },
): Promise<RevocationLists> {
  if (crl.value === null) return { value: null, lists: [], faults: [], warnings: [] }
  const unused = clientAuth.value === 'none' ? [unusedLists(crl.source.label)] : []
  // Loaded when it is needed: most servers have no such list.
  const { inspectRevocationList: inspect } = await import('@lockstep/certs')
  const found = pemMaterial('tls.crl', crl).map((material) => readLists(material, inspect))
  const all = found.flatMap(({ value }) => value ?? [])
  const complete = found.every(({ value }) => value !== null)
  const signed = await issuersOf(all, [...authority.certificates, ...authority.leftOut])
  // The list of a CA that is left out says nothing of any client.
  const lists = all.filter((list) => !signed.get(list)?.some((issuer) => authority.leftOut.includes(issuer)))
  const late = lists.flatMap((list) => timeFaults(list, now))
  const isCurrent = (list: ReadList): boolean => timeFaults(list, now).length === 0
  const someClientIsServed =
    clientAuth.value === 'request' ||
    lists.some((list) => isCurrent(list) && (signed.get(list)?.length ?? 0) > 0) ||
    lists.every(({ pem }) => served?.crl?.includes(pem) === true)
  return {
    value: lists.map(({ pem }) => pem),
    lists,
    faults: [
      ...unused,
      ...found.flatMap(({ faults }) => faults),
      ...(someClientIsServed ? [] : late),
      ...(authority.certificates.length > 0 && complete && unused.length === 0
        ? issuerFaults(lists, { signed, authorities: authority.certificates, source: crl.source.label })
        : []),
    ],
    warnings: someClientIsServed ? late.map(({ message, hint }) => `${message} ${hint}`) : [],
  }
}

/** By which CAs each list was signed. */
async function issuersOf(
  lists: readonly ReadList[],
  authorities: readonly X509Certificate[],
): Promise<ReadonlyMap<ReadList, readonly X509Certificate[]>> {
  const signed = new Map<ReadList, readonly X509Certificate[]>()
  for (const list of lists) {
    const by = await Promise.all(authorities.map((authority) => list.isIssuedBy(authority.toString())))
    signed.set(
      list,
      authorities.filter((_, index) => by[index]),
    )
  }
  return signed
}

function readLists(
  material: PemMaterial,
  inspect: typeof inspectRevocationList,
): Finding<readonly ReadList[]> {
  const pieces = derOfLists(material)
  if ('fault' in pieces) return { value: null, faults: [pieces.fault] }
  const lists = pieces.ders.map((der) => ({ der, facts: inspect(der) }))
  const faults = lists.flatMap(({ der, facts }) =>
    facts ? unapplied({ der, facts, material }) : [notParsed(material)],
  )
  return {
    value: faults.length > 0 ? null : lists.flatMap(({ facts }) => (facts ? [{ ...facts, material }] : [])),
    faults,
  }
}

/** A CA publishes its list in DER as a rule (RFC 5280 section 4.2.1.13), so that is taken as well. */
function derOfLists(material: PemMaterial): { ders: readonly Uint8Array[] } | { fault: Fault } {
  const bytes = readBytes(material)
  if ('fault' in bytes) return bytes
  if (bytes.bytes[0] === 0x30) return { ders: [bytes.bytes] }
  const read = readBlocks(material, 'LOCKSTEP_ERR_TLS_CRL_INVALID')
  if ('fault' in read) return read
  const other = read.blocks.find(({ label }) => !/^(?:X509 )?CRL$/.test(label))
  if (other)
    return {
      fault: {
        ...notParsed(material),
        message: `${material.name} holds a ${other.label}, which is not a revocation list.`,
      },
    }
  if (read.blocks.length === 0) return { fault: notParsed(material) }
  return { ders: read.blocks.map(({ der }) => der) }
}

function notParsed({ name, source }: PemMaterial): Fault {
  return {
    code: 'LOCKSTEP_ERR_TLS_CRL_INVALID',
    message: `${name} holds no certificate revocation list that can be parsed.`,
    hint: 'It must be PEM text that begins with -----BEGIN X509 CRL-----, or DER. Check it with `openssl crl -in FILE -noout -text`.',
    source,
  }
}

function unapplied({
  der,
  facts: { issuer },
  material: { name, source },
}: {
  der: Uint8Array
  facts: RevocationListFacts
  material: PemMaterial
}): Fault[] {
  const reason = unappliedList(der)
  return reason === null
    ? []
    : [
        {
          code: 'LOCKSTEP_ERR_TLS_CRL_UNAPPLIED',
          message: `Node cannot apply the revocation list of ${issuer} in ${name}: ${reason}.`,
          hint: 'Name the complete list of the CA in its place, and get it again whenever the CA publishes one.',
          source,
        },
      ]
}

function timeFaults(
  { issuer, thisUpdate, nextUpdate, material: { name, source } }: ReadList,
  now: Date,
): Fault[] {
  const about = `The revocation list of ${issuer} in ${name}`
  if (nextUpdate && nextUpdate < now) {
    return [
      {
        code: 'LOCKSTEP_ERR_TLS_CRL_EXPIRED',
        message: `${about} should have been replaced by ${nextUpdate.toISOString()}: OpenSSL refuses every client of that CA.`,
        hint: 'Get the current list from the CA.',
        source,
      },
    ]
  }
  if (thisUpdate > now) {
    return [
      {
        code: 'LOCKSTEP_ERR_TLS_CRL_NOT_YET_VALID',
        message: `${about} is valid only from ${thisUpdate.toISOString()}: until then OpenSSL refuses every client of that CA.`,
        hint: 'Wait, or check the clock of this machine.',
        source,
        until: thisUpdate,
      },
    ]
  }
  return []
}

function issuerFaults(
  lists: readonly ReadList[],
  {
    signed,
    authorities,
    source,
  }: {
    signed: ReadonlyMap<ReadList, readonly X509Certificate[]>
    authorities: readonly X509Certificate[]
    source: string
  },
): Fault[] {
  const strange = lists.filter((list) => signed.get(list)?.length === 0)
  const covered = [...signed.values()].flat()
  return [
    ...strange.map(
      ({ issuer, material }): Fault => ({
        code: 'LOCKSTEP_ERR_TLS_CRL_ISSUER',
        message: `The revocation list of ${issuer} in ${material.name} was signed by none of the CAs in tls.ca.`,
        hint: 'Name the list of a CA that is trusted for clients. If this is the list of an intermediate that clients send, add the certificate of that intermediate to tls.ca: the signature of each list is checked at the start.',
        source: material.source,
      }),
    ),
    ...authorities
      .filter((authority) => !covered.includes(authority))
      .map(
        (authority): Fault => ({
          code: 'LOCKSTEP_ERR_TLS_CRL_MISSING',
          message: `There is no revocation list of ${oneLine(authority.subject)}, which is in tls.ca: OpenSSL would refuse every client of it.`,
          hint: 'Add its list to tls.crl, even if it revokes nothing.',
          source,
        }),
      ),
  ]
}

function unusedLists(source: string): Fault {
  return {
    code: 'LOCKSTEP_ERR_TLS_CRL_UNUSED',
    message: `${source} sets revocation lists, but client certificates are not asked for.`,
    hint: 'Set --tls-client-auth to request or require with --tls-ca, or leave the lists out.',
    source,
  }
}
