import { X509Certificate } from 'node:crypto'
import type { Fault } from '../errors/launch-error.ts'
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
    return { certificates: blocks.map((pem) => new X509Certificate(pem)), faults: [] }
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
 * A certificate that may not issue others makes no client trusted, so every one would be turned away (RFC 5280 section
 * 4.2.1.9). One that signed itself is an exception: it vouches for exactly itself.
 */
export function authorityFaults(
  certificate: X509Certificate,
  { what, source }: { what: string; source: string },
): Fault[] {
  if (certificate.ca || isSelfSigned(certificate)) return []
  return [
    {
      code: 'ERR_TLS_CA_INVALID',
      message: `The certificate ${oneLine(certificate.subject)} in ${what} is no CA: it may not issue certificates.`,
      hint: `Name the certificate of its issuer (${oneLine(certificate.issuer)}).`,
      source,
    },
  ]
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

function oneLine(name: string | undefined): string {
  return (name ?? '').replaceAll('\n', ', ') || '(no subject)'
}
