import type { X509Certificate } from 'node:crypto'
import type { inspectRevocationList, RevocationListFacts } from '@lockstep/certs'
import { unappliedList } from '@lockstep/certs/judge'
import type { Fault } from '../errors/launch-error.ts'
import type { ResolvedOptions } from '../options/resolve-options.ts'
import { nodeCrypto } from '../platform/node-crypto.ts'
import type { Finding } from './finding.ts'
import { type PemMaterial, pemMaterial } from './pem-material.ts'
import { oneLine } from './read-chain.ts'
import { readBlocks, readBytes } from './read-pem.ts'

interface ReadList extends RevocationListFacts {
  readonly material: PemMaterial
}

/**
 * Reads the revocation lists for client certificates. With one list OpenSSL demands one of every CA, and refuses every client
 * whose CA has none or an old one; Node says nothing of that at the start. `ca` is `null` when it could not be read.
 */
export async function readRevocationLists(
  { 'tls.crl': crl, 'tls.clientAuth': clientAuth }: ResolvedOptions,
  { ca, now }: { ca: string | null; now: Date },
): Promise<Finding<readonly string[]>> {
  if (crl.value === null) return { value: null, faults: [] }
  const unused = clientAuth.value === 'none' ? [unusedLists(crl.source.label)] : []
  // Loaded when it is needed: most servers have no such list.
  const { inspectRevocationList: inspect } = await import('@lockstep/certs')
  const found = pemMaterial('tls.crl', crl).map((material) => readLists(material, inspect))
  const lists = found.flatMap(({ value }) => value ?? [])
  const complete = found.every(({ value }) => value !== null)
  const authorities = (ca?.match(/-----BEGIN[^-]+-----[^-]+-----END[^-]+-----/g) ?? []).map(
    (pem) => new (nodeCrypto().X509Certificate)(pem),
  )
  return {
    value: lists.map(({ pem }) => pem),
    faults: [
      ...unused,
      ...found.flatMap(({ faults }) => faults),
      ...lists.flatMap((list) => timeFaults(list, now)),
      ...(ca !== null && complete && unused.length === 0
        ? await issuerFaults(lists, { authorities, source: crl.source.label })
        : []),
    ],
  }
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
  const read = readBlocks(material, 'ERR_TLS_CRL_INVALID')
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
    code: 'ERR_TLS_CRL_INVALID',
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
          code: 'ERR_TLS_CRL_UNAPPLIED',
          message: `Node can not apply the revocation list of ${issuer} in ${name}: ${reason}.`,
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
        code: 'ERR_TLS_CRL_EXPIRED',
        message: `${about} should have been replaced by ${nextUpdate.toISOString()}: OpenSSL would refuse every client.`,
        hint: 'Get the current list from the CA.',
        source,
      },
    ]
  }
  if (thisUpdate > now) {
    return [
      {
        code: 'ERR_TLS_CRL_NOT_YET_VALID',
        message: `${about} is valid only from ${thisUpdate.toISOString()}: OpenSSL would refuse every client.`,
        hint: 'Wait, or check the clock of this machine.',
        source,
        until: thisUpdate,
      },
    ]
  }
  return []
}

async function issuerFaults(
  lists: readonly ReadList[],
  { authorities, source }: { authorities: readonly X509Certificate[]; source: string },
): Promise<Fault[]> {
  const issuers = await Promise.all(
    lists.map(async (list) => {
      const signed = await Promise.all(authorities.map((authority) => list.isIssuedBy(authority.toString())))
      return authorities.filter((_, index) => signed[index])
    }),
  )
  const strange = lists.filter((_, index) => issuers[index]?.length === 0)
  const covered = issuers.flat()
  return [
    ...strange.map(
      ({ issuer, material }): Fault => ({
        code: 'ERR_TLS_CRL_ISSUER',
        message: `The revocation list of ${issuer} in ${material.name} was signed by none of the CAs in tls.ca.`,
        hint: 'Name the list of a CA that is trusted for clients. If clients send an intermediate of that name, add its certificate to tls.ca too.',
        source: material.source,
      }),
    ),
    ...authorities
      .filter((authority) => !covered.includes(authority))
      .map(
        (authority): Fault => ({
          code: 'ERR_TLS_CRL_MISSING',
          message: `There is no revocation list of ${oneLine(authority.subject)}, which is in tls.ca: OpenSSL would refuse every client of it.`,
          hint: 'Add its list to tls.crl, even if it revokes nothing.',
          source,
        }),
      ),
  ]
}

function unusedLists(source: string): Fault {
  return {
    code: 'ERR_TLS_CRL_UNUSED',
    message: `${source} gives revocation lists, but client certificates are not asked for.`,
    hint: 'Set --tls-client-auth to request or require with --tls-ca, or leave the lists out.',
    source,
  }
}
