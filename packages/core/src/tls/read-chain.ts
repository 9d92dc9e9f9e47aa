import type { X509Certificate } from 'node:crypto'
import type { Fault } from '../errors/launch-error.ts'
import { nodeCrypto } from '../platform/node-crypto.ts'
import type { LeafFacts } from './planned-tls.ts'

const block =
  /-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----[\s\S]+?-----END (?:X509 |TRUSTED )?CERTIFICATE-----/g

/** Every certificate of a PEM text, in order; a fault if there is none or one can't be parsed. */
export function parseCertificates(
  text: string,
  {
    what,
    code,
    source,
  }: { what: string; code: 'ERR_TLS_CERT_INVALID' | 'ERR_TLS_CA_INVALID'; source: string },
): { certificates: X509Certificate[]; faults: Fault[] } {
  const blocks = text.match(block) ?? []
  if (blocks.length === 0) {
    const found = /-----BEGIN ([A-Z0-9 ]+)-----/.exec(text)?.[1]
    return {
      certificates: [],
      faults: [
        {
          code,
          message: `${what} holds no certificate${found ? `, but a ${found}` : ''}.`,
          hint: 'It must be PEM text that begins with -----BEGIN CERTIFICATE-----.',
          source,
        },
      ],
    }
  }
  try {
    return { certificates: blocks.map((pem) => new (nodeCrypto().X509Certificate)(pem)), faults: [] }
  } catch (cause) {
    return {
      certificates: [],
      faults: [
        {
          code,
          message: `${what} holds a certificate that can not be parsed.`,
          hint: 'Check it with `lockstep cert inspect FILE`.',
          source,
          cause,
        },
      ],
    }
  }
}

/** What is wrong with a chain that a client would be shown now. */
export function chainFaults(
  chain: readonly X509Certificate[],
  { what, source, now }: { what: string; source: string; now: Date },
): Fault[] {
  return [
    ...chain.flatMap((certificate) => validityFaults(certificate, { what, source, now })),
    ...chain.flatMap((certificate, index): Fault[] => {
      const next = chain[index + 1]
      if (!next || certificate.checkIssued(next)) return []
      return [
        {
          code: 'ERR_TLS_CHAIN_ORDER',
          message: `In ${what}, certificate ${index + 1} (${oneLine(certificate.subject)}) was not issued by the one after it (${oneLine(next.subject)}).`,
          hint: 'Put the leaf first, then each issuer after what it issued: cat leaf.pem intermediate.pem.',
          source,
        },
      ]
    }),
  ]
}

export function validityFaults(
  certificate: X509Certificate,
  { what, source, now }: { what: string; source: string; now: Date },
): Fault[] {
  const name = `The certificate ${oneLine(certificate.subject)} in ${what}`
  if (certificate.validToDate < now) {
    return [
      {
        code: 'ERR_TLS_CERT_EXPIRED',
        message: `${name} expired on ${certificate.validToDate.toISOString()}.`,
        hint: 'Renew it.',
        source,
      },
    ]
  }
  if (certificate.validFromDate > now) {
    return [
      {
        code: 'ERR_TLS_CERT_NOT_YET_VALID',
        message: `${name} is valid only from ${certificate.validFromDate.toISOString()}.`,
        hint: 'Wait, or check the clock of this machine.',
        source,
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
    code: 'ERR_TLS_CA_INVALID',
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
      `The certificate ${oneLine(leaf.subject)} in ${what} is no CA: it may not issue certificates.`,
      `Name the certificate of its issuer (${oneLine(leaf.issuer)}).`,
    ),
  )
}

function isSelfSigned(certificate: X509Certificate): boolean {
  // `checkIssued()` says no for a leaf, which has no right to sign certificates.
  return certificate.subject === certificate.issuer && certificate.verify(certificate.publicKey)
}

export function leafFacts(leaf: X509Certificate): LeafFacts {
  return {
    fingerprint256: leaf.fingerprint256,
    subject: oneLine(leaf.subject),
    issuer: oneLine(leaf.issuer),
    notBefore: leaf.validFromDate,
    notAfter: leaf.validToDate,
    hosts: (leaf.subjectAltName ?? '')
      .split(', ')
      .flatMap((entry) => /^(?:DNS|IP Address):"?([^"]+)"?$/.exec(entry)?.[1] ?? []),
    selfSigned: isSelfSigned(leaf),
  }
}

export function oneLine(name: string | undefined): string {
  return (name ?? '').replaceAll('\n', ', ') || '(no subject)'
}
