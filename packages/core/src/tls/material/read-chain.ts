import type { X509Certificate } from 'node:crypto'
import { hostsOf, isSelfSigned, materialKind } from '@lockstep/certs/judge'
import type { Fault } from '../../errors/launch-error.ts'
import { nodeCrypto } from '../../platform/node/node-crypto.ts'
import type { LeafFacts } from '../planned-tls.ts'
import { otherKind, type PemMaterial, readBlocks } from './read-pem.ts'

/** Every certificate of a piece of key material, in its order; a fault if there is none, or if any of it can't be used. */
export function readCertificates(
  material: PemMaterial,
  { code, also }: { code: 'LOCKSTEP_ERR_TLS_CERT_INVALID' | 'LOCKSTEP_ERR_TLS_CA_INVALID'; also: RegExp },
): { certificates: X509Certificate[]; faults: Fault[] } {
  const { name, source } = material
  const fail = (fault: Pick<Fault, 'message' | 'hint' | 'cause'>): ReturnType<typeof readCertificates> => ({
    certificates: [],
    faults: [{ code, source, ...fault }],
  })
  const read = readBlocks(material, code)
  if ('fault' in read) return { certificates: [], faults: [read.fault] }
  const blocks = read.blocks.filter(({ label }) => certificateLabel.test(label))
  const other = read.blocks.find(({ label }) => !certificateLabel.test(label) && !also.test(label))
  const kind = other && materialKind(Buffer.from(other.pem))
  if (other && kind) return { certificates: [], faults: [{ ...otherKind({ code, material, kind }), source }] }
  if (other)
    return fail({
      message: `${name} holds ${blocks.length === 0 ? 'no certificate, but' : 'beside its certificates'} a block "${other.label}", which cannot be used there.`,
      hint: /CRL/.test(other.label) ? 'Name revocation lists with --tls-crl.' : 'Take that block out.',
    })
  if (blocks.length === 0) {
    const found = read.blocks[0]?.label
    return fail({
      message: `${name} holds no certificate${found === undefined ? '' : `, but a ${found}`}.`,
      hint: 'It must be PEM text that begins with -----BEGIN CERTIFICATE-----.',
    })
  }
  const certificates: X509Certificate[] = []
  for (const [index, { pem }] of blocks.entries()) {
    try {
      certificates.push(new (nodeCrypto().X509Certificate)(pem))
    } catch (cause) {
      return fail({
        message: `${name} holds a certificate that cannot be parsed${blocks.length === 1 ? '' : `, number ${index + 1}`}.`,
        hint: 'Check it with `lockstep cert inspect FILE`.',
        cause,
      })
    }
  }
  return { certificates, faults: [] }
}

const certificateLabel = /^(?:X509 |TRUSTED )?CERTIFICATE$/

export function validityFaults(
  certificate: X509Certificate,
  { what, source, now }: { what: string; source: string; now: Date },
): Fault[] {
  const name = `The certificate ${oneLine(certificate.subject)} in ${what}`
  if (certificate.validToDate < now) {
    return [
      {
        code: 'LOCKSTEP_ERR_TLS_CERT_EXPIRED',
        message: `${name} expired on ${certificate.validToDate.toISOString()}.`,
        hint: 'Renew it.',
        source,
      },
    ]
  }
  if (certificate.validFromDate > now) {
    return [
      {
        code: 'LOCKSTEP_ERR_TLS_CERT_NOT_YET_VALID',
        message: `${name} is valid only from ${certificate.validFromDate.toISOString()}.`,
        hint: 'Wait, or check the clock of this machine.',
        source,
        until: certificate.validFromDate,
      },
    ]
  }
  return []
}

/**
 * What keeps a CA file from trusting anybody, so that every client would be turned away: a certificate that may not issue others
 * (RFC 5280 section 4.2.1.9), unless it signed itself and so vouches for itself; or an intermediate without its root, where
 * OpenSSL finds no end of the chain.
 */
export function authorityFaults(
  certificates: readonly X509Certificate[],
  { what, source }: { what: string; source: string },
): Fault[] {
  const fault = (message: string, hint: string): Fault => ({
    code: 'LOCKSTEP_ERR_TLS_CA_INVALID',
    message,
    hint,
    source,
  })
  const leaves = certificates.filter((certificate) => !certificate.ca && !isSelfSigned(certificate))
  const [last] = certificates.slice(-1)
  if (leaves.length === 0 && last && !certificates.some(isSelfSigned)) {
    return [
      fault(
        `${what} has no root: ${oneLine(last.subject)} was issued by ${oneLine(last.issuer)}, which is not in it.`,
        'Add the certificate of the root.',
      ),
    ]
  }
  return leaves.map((leaf) =>
    fault(
      `The certificate ${oneLine(leaf.subject)} in ${what} is not a CA: it may not issue certificates.`,
      `Name the certificate of its issuer (${oneLine(leaf.issuer)}).`,
    ),
  )
}

export function leafFacts(leaf: X509Certificate): LeafFacts {
  return {
    fingerprint256: leaf.fingerprint256,
    subject: oneLine(leaf.subject),
    issuer: oneLine(leaf.issuer),
    notBefore: leaf.validFromDate,
    notAfter: leaf.validToDate,
    hosts: hostsOf(leaf),
    selfSigned: isSelfSigned(leaf),
  }
}

export function oneLine(name: string | undefined): string {
  return (name ?? '').replaceAll('\n', ', ') || '(no subject)'
}
