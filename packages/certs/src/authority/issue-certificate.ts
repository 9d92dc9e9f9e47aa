import { type webcrypto, X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'
import { domainToASCII } from 'node:url'
import { x509 } from '../crypto/webcrypto-provider.ts'
import type { Authority } from './authority.ts'
import { createKeyPair, exportKey } from './key-pair.ts'
import { type KeyType, keyTypes } from './key-types.ts'
import { serialNumber } from './serial-number.ts'

const dayMs = 86_400_000
/** RFC 5280 appendix A.1: the upper bound of a common name. */
const longestCommonName = 64

export interface CertificateRequest {
  /** Who issues it; unset, it signs itself. */
  readonly authority?: Authority
  /** Unset, the first name among the hosts. */
  readonly commonName?: string
  /** DNS names, wildcards and IP addresses for the subjectAltName. */
  readonly hosts: readonly string[]
  readonly keyType?: KeyType
  readonly notBefore?: Date
  /** Unset, 90 days from now. */
  readonly notAfter?: Date
  readonly usage?: 'server' | 'client' | 'both'
  /** Encrypts the key. */
  readonly passphrase?: string
}

export interface IssuedCertificate {
  readonly certPem: string
  /** The leaf and its intermediates, without the root: what a server sends. */
  readonly chainPem: string
  /** PKCS#8; encrypted when a passphrase was given. */
  readonly keyPem: string
  /** SHA-256 of the DER, as `AA:BB:…`. */
  readonly fingerprint256: string
  /** Hexadecimal. */
  readonly serialNumber: string
  readonly notAfter: Date
}

/** Issues a leaf for a server, a client, or both, with a key of its own. */
export async function issueCertificate(request: CertificateRequest): Promise<IssuedCertificate> {
  const { authority, hosts, keyType = 'ec-p256', usage = 'server', passphrase } = request
  const keys = await createKeyPair(keyType)
  const parent = authority && new x509.X509Certificate(authority.certPem)
  const subject = [{ CN: [(request.commonName ?? nameAmong(hosts)).slice(0, longestCommonName)] }]
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject,
    issuer: parent ? parent.subjectName.toJSON() : subject,
    // A clock that is a little behind must not make a fresh certificate invalid.
    notBefore: request.notBefore ?? new Date(Date.now() - 300_000),
    notAfter: request.notAfter ?? new Date(Date.now() + 90 * dayMs),
    publicKey: keys.publicKey,
    signingKey: (authority ?? { keys }).keys.privateKey,
    signingAlgorithm: keyTypes[authority?.keyType ?? keyType] as webcrypto.EcdsaParams,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(
        x509.KeyUsageFlags.digitalSignature |
          (keyType.startsWith('rsa') ? x509.KeyUsageFlags.keyEncipherment : 0),
        true,
      ),
      new x509.ExtendedKeyUsageExtension(extendedUsages[usage]),
      ...(hosts.length > 0 ? [new x509.SubjectAlternativeNameExtension(hosts.map(generalName))] : []),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(parent ? parent.publicKey : keys.publicKey),
    ],
  })
  const certPem = `${certificate.toString('pem')}\n`
  return {
    certPem,
    chainPem: certPem + intermediates(authority).join(''),
    keyPem: exportKey(keys.privateKey, passphrase),
    fingerprint256: new X509Certificate(certPem).fingerprint256,
    serialNumber: certificate.serialNumber,
    notAfter: certificate.notAfter,
  }
}

const serverAuth = x509.ExtendedKeyUsage.serverAuth
const clientAuth = x509.ExtendedKeyUsage.clientAuth
const extendedUsages = { server: [serverAuth], client: [clientAuth], both: [serverAuth, clientAuth] }

/**
 * An address alone does not work as a common name: where a certificate has no DNS name, OpenSSL checks the common name
 * against the DNS names that its CA may issue for, unless it can't be one.
 */
function nameAmong(hosts: readonly string[]): string {
  const [first = 'localhost'] = hosts
  return hosts.find((host) => isIP(host) === 0) ?? (isIP(first) ? `IP ${first}` : first)
}

function generalName(host: string): { type: 'dns' | 'ip'; value: string } {
  return isIP(host)
    ? { type: 'ip', value: host }
    : {
        type: 'dns',
        value: host.startsWith('*.') ? `*.${domainToASCII(host.slice(2))}` : domainToASCII(host) || host,
      }
}

function intermediates(authority: Authority | null | undefined): string[] {
  return authority?.issuer ? [authority.certPem, ...intermediates(authority.issuer)] : []
}
